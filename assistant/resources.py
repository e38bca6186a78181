"""Finds the files that ship beside the code: prompts, rules, sample corpus, eval data.

In a checkout they stand at the top of the tree; in an installed wheel under
`assistant/_data/` (see `[tool.hatch.build.targets.wheel.force-include]`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.errors import PromptError

T = TypeVar("T")
_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent


def prompts() -> Path:
    """Folder of prompt files; `style/` below it holds the rules."""
    return _ROOT / "prompts"


def sample_corpus() -> Path:
    """Folder of the sample corpus: `articles/` and `issues/`."""
    return _ROOT / "corpus"


def eval_data() -> Path:
    """Folder of the project's own evaluation sets."""
    return _ROOT / "evals" / "data"


def read_yaml(path: Path, form: type[T]) -> T:
    """What the YAML file `path` holds, in the form of `form`, a pydantic model or a plain type.

    Raises PromptError, one line with the file and the reason, where it is missing, not
    UTF-8, not YAML, or of another form.
    """
    try:
        return TypeAdapter(form).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise PromptError(f"There is no file {path}; put it back.") from error
    except OSError as error:
        raise PromptError(f"{path} cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise PromptError(
            f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from error
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(map(str, problem["loc"])) or "the file"
        reason = problem["msg"].removeprefix("Value error, ")
        raise PromptError(f"{path} is wrong at {field}: {reason}.") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: of a day such as 2023-02-30
        raise PromptError(f"{path} is not valid YAML ({_yaml_problem(error)}).") from error


def _yaml_problem(error: Exception) -> str:
    """The reason and the line where PyYAML knows it; its own text runs over several lines."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem or error.context}"
    return str(error).partition("\n")[0]
