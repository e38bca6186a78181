"""The home folder's contents: the database, and the vector index derived from it."""
