"""Every error this package raises on purpose, as one small tree.

    AssistantError
    ├── IngestError   an article could not be read, fetched or understood
    ├── StoreError    the database or the vector index refused or lacks something
    ├── PromptError   a prompt or rule file is wrong, or a variable is missing
    ├── ModelError    a model is absent, unreachable or failed (`retryable`)
    │   └── AnswerError   it answered, and what it said cannot be used
    ├── DraftError    there is nothing in the window to draft from
    ├── ReviewError   an edit conflicts with a newer revision or is not allowed
    ├── ExportError   an issue may not leave yet, or a file could not be written
    └── EvalError     an eval's data cannot be read, or holds nothing to score

A message is a sentence for the editor that says what to do. The command line
prints it without a traceback; with `--json` it becomes
`{"error": {"code", "message"}}`, where the code is the class's `code`.
"""


class AssistantError(Exception):
    """Base of all errors whose message is meant for the editor."""

    code = "error"


class IngestError(AssistantError):
    """An article could not be read, fetched or understood."""

    code = "ingest"


class StoreError(AssistantError):
    """The database or the vector index refused or lacks something."""

    code = "store"


class PromptError(AssistantError):
    """A prompt or rule file is wrong, or a variable has no value."""

    code = "prompt"


class ModelError(AssistantError):
    """A model is absent, unreachable, or failed.

    `retryable` says whether the same call may succeed later.
    """

    code = "model"

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class AnswerError(ModelError):
    """A model that works gave an answer that cannot be used: another may be better."""


class DraftError(AssistantError):
    """Nothing in the window can be drafted from."""

    code = "draft"


class ReviewError(AssistantError):
    """An edit conflicts with a newer revision, or is not allowed."""

    code = "review"


class ExportError(AssistantError):
    """An issue may not leave yet, or a file could not be written."""

    code = "export"


class EvalError(AssistantError):
    """An eval's data cannot be read, or holds nothing to score."""

    code = "eval"
