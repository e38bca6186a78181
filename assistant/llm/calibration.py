"""What a model's answer counts as a probability of support, fitted model by model.

Weights and thresholds are data. Those of the default embedded model ship as
`calibration.json`, written by `evals/calibrate.py`; those of another model are made by
`digest model calibrate` and lie in the home folder.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from assistant import prompts
from assistant.errors import ModelError
from assistant.llm.catalog import Model

# What the wording alone is scored by, and what counts where there is a model. More of it never
# counts against support.
WORDING: tuple[str, ...] = ("joined", "embedding")
ASKED: tuple[str, ...] = ("answer",)
# Beyond these a model's probabilities are taken for these.
SUREST = 1e-4
_SHIPPED = Path(__file__).with_name("calibration.json")
Features = Mapping[str, float]


@dataclass(frozen=True)
class Calibration:
    """Weights of the score, and the thresholds of its verdicts.

    model: whose answers `asked` was fitted to, as `asked_as` says; fitted_on: rows by set;
    wording and asked: weights by feature, the intercept among them, without and with a
    model's answer; supported and partial: the least score, 0 to 1, of these verdicts.
    """

    model: str
    fitted_on: Mapping[str, int]
    wording: Mapping[str, float]
    asked: Mapping[str, float]
    supported: float
    partial: float

    def __post_init__(self) -> None:
        for weights, names in ((self.wording, WORDING), (self.asked, ASKED)):
            if weights.keys() != {"intercept", *names}:
                raise ValueError(f"the weights must be those of intercept, {', '.join(names)}")
        numbers = (*self.wording.values(), *self.asked.values())
        if not all(map(math.isfinite, numbers)) or not 0 < self.partial < self.supported < 1:
            raise ValueError("weights must be numbers, and 0 < partial < supported < 1")

    def probability(self, values: Features, yes: float | None = None) -> float:
        """Probability of support from the wording, or from a model's answer."""
        fitted, names = self.wording, WORDING
        if yes is not None:
            fitted, names = self.asked, ASKED
            values = {**values, "answer": logit(min(max(yes, SUREST), 1 - SUREST))}
        odds = fitted["intercept"] + sum(fitted[name] * values[name] for name in names)
        return 1 / (1 + math.exp(-odds))

    def save(self, file: Path) -> None:
        """Write it whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".part")
        unfinished.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        unfinished.replace(file)


_FORM = TypeAdapter(Calibration)


def load_calibration(file: Path = _SHIPPED) -> Calibration:
    """The calibration in `file`, by default the shipped one; ModelError where it is broken."""
    try:
        return _FORM.validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        told = str(error)
        if isinstance(error, ValidationError):
            problem = error.errors()[0]
            told = f"{'.'.join(map(str, problem['loc'])) or 'the whole'}: {problem['msg']}"
        raise ModelError(
            f"{file}: {told}. Delete the file or run `digest model calibrate`."
        ) from error


@lru_cache(maxsize=8)  # the desk asks with each bullet that it shows
def asked_as(model: Model) -> str:
    """What a model's answers depend on: its name, the prompt, and the adapter that it wears."""
    prompt = prompts.load("verify" if model.logprobs else "verify-in-words")
    worn = [
        f"{adapter.sha256[:16]} at {adapter.strength:g}"
        for adapter in getattr(model, "adapters", ())
        if adapter.slot == "verify"
    ]
    return ", ".join([model.name, f"{prompt.name} {prompt.version}", *worn])


def calibration_file(model: str, home: Path) -> Path:
    """Where the calibration of the model of this name lies in a home folder."""
    return home / "calibration" / f"{quote(model, safe='')}.json"


def calibration_of(model: Model | None, home: Path) -> Calibration:
    """The calibration made in this home for `model` as it is asked now, else the shipped one.

    The shipped one's `model` tells whether it is that model's own.
    """
    own = calibration_file(model.name, home) if model else None
    if model and own and own.exists() and (made := load_calibration(own)).model == asked_as(model):
        return made
    return load_calibration()


def is_calibrated(model: Model | None, home: Path) -> bool:
    """Whether scores are fitted to the answers of `model`; without a model there are none."""
    try:
        return model is None or calibration_of(model, home).model == asked_as(model)
    except ModelError:  # a broken file, which the next check names
        return False


def logit(p: float) -> float:
    """Log-odds of a probability between 0 and 1."""
    return math.log(p / (1 - p))
