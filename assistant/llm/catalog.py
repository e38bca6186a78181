"""The models that the assistant can use, as data: `prompts/models.yaml`.

An embedded model is one file, `<models folder>/<name>.gguf`. It counts as pulled
once its size is right and `<name>.gguf.sha256` beside it records that its bytes
were checked (the format is that of `sha256sum -c`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from assistant import resources
from assistant.errors import ModelError

FALLBACK = "endpoint"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackageSource(_Entry):
    """Data-only wheels, whose `file`s make the model when joined in order of number.

    `package` and `file` are format strings over `part`, from 1. Every part but the
    last holds `part_bytes` bytes.
    """

    package: str
    version: str
    parts: Annotated[int, Field(gt=0)]
    part_bytes: Annotated[int, Field(gt=0)]
    file: str


class UrlSource(_Entry):
    """The whole file on a model hub or a mirror."""

    url: HttpUrl


class Price(_Entry):
    """US dollars for a million tokens; `cached` is for prompt tokens served from a cache."""

    prompt: float = 0.0
    cached: float = 0.0
    completion: float = 0.0


class Model(_Entry):
    """What the program must know of a model in order to ask it.

    `context` and `max_output` are in tokens, `timeout` in seconds for one call.
    `token_margin` is by how much this package's token count may fall short.
    `writes` is how much the model is trusted to write at once, `parallel` how many
    calls it takes at the same time, `retries` how often a failed call is repeated.
    """

    name: str
    licence: str
    default: bool = False
    context: Annotated[int, Field(gt=0)]
    max_output: Annotated[int, Field(gt=0)]
    token_margin: Annotated[float, Field(ge=1)]
    structured_output: Literal["json_schema", "json_mode", "function_calling"]
    logprobs: bool
    writes: Literal["sentence", "bullet"]
    parallel: Annotated[int, Field(gt=0)]
    timeout: Annotated[float, Field(gt=0)]
    retries: Annotated[int, Field(ge=0)] = 0
    temperature: Annotated[float, Field(ge=0)] = 0.0
    price: Price = Price()


class Adapter(_Entry):
    """Low-rank weights that a model wears for the calls of one `slot`.

    `file` lies under `prompts/`; `prompt` is the name and version of the prompt that
    it was trained on (`evals/training/`): for another it knows nothing. `strength` is the share
    of it that is worn: at half of it a model keeps more of what it knew about text that the
    adapter has not seen (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    """

    slot: str
    file: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    prompt: str
    strength: Annotated[float, Field(ge=0, le=1)] = 1.0


class EmbeddedModel(Model):
    """A model file that runs in this process.

    `slots` is the number of prompt prefixes that the server which writes keeps evaluated,
    each with a context of its own.
    """

    adapters: tuple[Adapter, ...] = ()

    bytes: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    sources: Annotated[tuple[PackageSource | UrlSource, ...], Field(min_length=1)]
    slots: Annotated[int, Field(gt=0)]

    @model_validator(mode="after")
    def _parts_make_the_whole(self) -> Self:
        for source in self.sources:
            if isinstance(source, PackageSource):
                last = self.bytes - (source.parts - 1) * source.part_bytes
                if not 0 < last <= source.part_bytes:
                    raise ValueError(f"{source.parts} parts cannot make {self.bytes} bytes")
        return self


class EndpointModel(Model):
    """A model behind an OpenAI-compatible endpoint."""


class Catalog(_Entry):
    """All known models, embedded ones and endpoints."""

    embedded: tuple[EmbeddedModel, ...]
    endpoint: tuple[EndpointModel, ...]

    @model_validator(mode="after")
    def _names_are_unique_and_defaults_single(self) -> Self:
        if len({model.name for model in self.models}) != len(self.models):
            raise ValueError("two models have the same name")
        for kind in (self.embedded, self.endpoint):
            if sum(model.default for model in kind) != 1:
                raise ValueError("exactly one model of each kind must be the default")
        if not any(model.name == FALLBACK for model in self.endpoint):
            raise ValueError(f"the entry {FALLBACK!r} is missing")
        return self

    @classmethod
    def load(cls, path: Path | None = None) -> Catalog:
        """Reads `path`, by default the shipped catalog; PromptError if it is wrong."""
        return resources.read_yaml(path or resources.prompts() / "models.yaml", cls)

    @property
    def models(self) -> tuple[EmbeddedModel | EndpointModel, ...]:
        """Every entry, embedded models first."""
        return (*self.embedded, *self.endpoint)

    @property
    def default_embedded(self) -> EmbeddedModel:
        """The model that `digest model pull` takes."""
        return next(model for model in self.embedded if model.default)

    @property
    def default_endpoint(self) -> EndpointModel:
        """The model that a configured endpoint is asked for."""
        return next(model for model in self.endpoint if model.default)

    def get(self, name: str) -> EmbeddedModel | EndpointModel:
        """The entry called `name`; ModelError listing the names if there is none."""
        for model in self.models:
            if model.name == name:
                return model
        names = ", ".join(model.name for model in self.models if model.name != FALLBACK)
        raise ModelError(f"There is no model {name} in the catalog. It has: {names}.")

    def other_endpoint(self, name: str) -> EndpointModel:
        """The fallback entry, under the name of a model that only the endpoint knows."""
        fallback = next(model for model in self.endpoint if model.name == FALLBACK)
        return fallback.model_copy(update={"name": name})


def path(model: EmbeddedModel, folder: Path) -> Path:
    """Where the model's file is, or will be once pulled."""
    return folder / f"{model.name}.gguf"


def record_path(model: EmbeddedModel, folder: Path) -> Path:
    """The file that records that the model's bytes were checked."""
    return folder / f"{model.name}.gguf.sha256"


def is_pulled(model: EmbeddedModel, folder: Path) -> bool:
    """Whether the model's file is there, of the right size and once checked."""
    try:
        size = path(model, folder).stat().st_size
        record = record_path(model, folder).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return False
    return size == model.bytes and record.split()[:1] == [model.sha256]
