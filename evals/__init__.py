"""Measures whether a change made drafts better or worse."""
