"""Where things are and which model is meant, from the environment and the command line."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _models_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "digest-assistant"


class Settings(BaseSettings):
    """Settings read from `DIGEST_*` and from OpenAI's own environment variables.

    Keys are `SecretStr`: they print as stars wherever settings are shown.
    """

    model_config = SettingsConfigDict(
        env_prefix="DIGEST_", extra="ignore", frozen=True, populate_by_name=True
    )

    home: Path = Path(".digest")
    models: Path = Field(default_factory=_models_folder)
    model: str = "auto"
    embedding: str = "wordllama"
    seed: int = 7
    call_cache: bool = True
    openai_api_key: SecretStr | None = Field(None, validation_alias="OPENAI_API_KEY")
    openai_base_url: str | None = Field(None, validation_alias="OPENAI_BASE_URL")

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.home / "digest.sqlite3"

    @property
    def vectors(self) -> Path:
        """The folder of the vector index."""
        return self.home / "vectors"

    @property
    def outputs(self) -> Path:
        """The folder where issues are saved by default."""
        return self.home / "issues"
