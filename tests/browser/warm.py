"""What every server loads at its first check: once, in the process that all are forked from."""

from assistant import nlp
from assistant.llm import embeddings

nlp.parse("The desk is ready.")
# Only loaded: to embed with it would start threads, which a fork does not take over.
embeddings._load_wordllama()
