"""Alembic's environment and the steps from each version of the schema to the next."""
