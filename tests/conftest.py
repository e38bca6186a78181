"""A clean environment for every test, and the sample corpus, read once and only looked at."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant import resources
from assistant.pipeline import Request, default_window
from assistant.publish.read_issue import read_issue
from assistant.settings import Settings
from assistant.types import Article, Issue
from assistant.verify.verifier import Verifier
from assistant.workspace import Workspace, open_workspace

ISSUE_DAY = dt.date(2023, 7, 28)
_PULLED = Settings().models.resolve()


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of whoever runs the tests reaches them; only pulled models stay in reach."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("DIGEST_", "OPENAI_")):
                patch.delenv(name)
        home = tmp_path_factory.mktemp("user")
        patch.setenv("HOME", str(home))
        for name in ("CACHE", "CONFIG", "DATA", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        patch.setenv("DIGEST_MODELS", str(_PULLED))
        yield


@pytest.fixture(autouse=True)
def _models_only_where_asked_for(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a test that is marked `model` finds a pulled model."""
    if request.node.get_closest_marker("model") is None:
        monkeypatch.setenv("DIGEST_MODELS", os.path.join(os.environ["HOME"], "no-models"))


@dataclass(frozen=True)
class Sample:
    """The sample corpus in a home, and what drafting the issue of July 28, 2023 takes."""

    home: Path
    ids: Mapping[str, str]
    workspace: Workspace
    articles: tuple[Article, ...]
    past: tuple[Issue, ...]
    request: Request
    verifier: Verifier

    def by_file(self, name: str) -> Article:
        """The article of one file of the corpus, by its name without ending."""
        return self.workspace.articles.get(self.ids[name])


@pytest.fixture(scope="session")
def sample(_clean_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """The sample corpus. Shared by all tests: look, and change only a `sample_home`."""
    home = tmp_path_factory.mktemp("sample") / "home"
    with open_workspace(Settings(home=home, model="none")) as work:
        folder = resources.sample_corpus()
        report = work.ingest.run([str(folder / "articles")])
        assert report.failed == []
        ids = {Path(s.source).stem: s.article_id for s in report.added + report.duplicates}
        for file in sorted((folder / "issues").glob("*.md")):
            work.issues.save(read_issue(file.read_text(encoding="utf-8"), file.name), "import")
        window = default_window(ISSUE_DAY, work.issues.last_before(ISSUE_DAY))
        yield Sample(
            home,
            ids,
            work,
            tuple(work.articles.list(window.since, window.until)),
            tuple(work.issues.list()),
            Request(2, 14, ISSUE_DAY, window),
            work.verifier(None),
        )


@pytest.fixture
def sample_home(sample: Sample, tmp_path: Path) -> Path:
    """A copy of the sample's home, to be changed."""
    home = tmp_path / "home"
    shutil.copytree(sample.home, home)
    return home


@pytest.fixture(scope="session")
def drafted(sample: Sample) -> Issue:
    """The sample's issue by the extractive writer, checked without a model."""
    from assistant.pipeline import draft_issue

    issue = draft_issue(sample.request, sample.articles, sample.past, sample.verifier)
    return replace(issue, id="vol-2-14")


@pytest.fixture
def small_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's evaluation sets, those that people wrote cut to a few rows."""
    folder = tmp_path / "data"
    shutil.copytree(resources.eval_data(), folder)
    shutil.copytree(Path(__file__).parent / "data" / "evals", folder, dirs_exist_ok=True)
    monkeypatch.setattr(resources, "eval_data", lambda: folder)
    return folder
