"""The house style as data (`prompts/style/*.yml`), checked and, where it can be, mended."""
