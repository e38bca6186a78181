"""What an editor does with a draft: what blocks sign-off, and how an issue leaves."""
