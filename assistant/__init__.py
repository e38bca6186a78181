"""Drafts, links and fact-checks the bullets of a policy newsletter."""
