"""A Chromium, and for each test a server of its own over a home of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.settings import Settings
from assistant.workspace import open_workspace
from tests.browser.driving import ARGS, ISSUE, NAMES, Server, wait_ready

# A state comes when it comes: a machine that is busy with other things is no failure.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("There is no Chromium in PATH; run `make browser`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def drafted_home(sample, drafted, tmp_path_factory) -> Path:
    """The sample corpus with its drafted issue, to be copied."""
    home = tmp_path_factory.mktemp("drafted") / "home"
    shutil.copytree(sample.home, home)
    with open_workspace(Settings(home=home, model="none")) as work:
        saved = work.issues.save(drafted, "assistant", note="drafted")
        assert saved.id == ISSUE
    return home


@pytest.fixture
def home(drafted_home: Path, tmp_path: Path) -> Path:
    home = tmp_path / "desk"
    shutil.copytree(drafted_home, home)
    return home


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    started = Server(home).start()
    yield started
    started.stop()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Server]:
    """A server over a home with nothing in it."""
    started = Server(tmp_path / "empty").start()
    yield started
    started.stop()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages that run into no error, open no dialog and ask no other host for anything."""
    contexts, foreign, errors, dialogs = [], [], [], []

    def opened(url: str, ready: bool = True, **options) -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: foreign.append(r.url) if not own(r.url) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
        page.goto(url)
        if ready:
            wait_ready(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert (foreign, errors) == ([], [])
    assert set(dialogs) <= {"beforeunload"}


def own(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:"))


@pytest.fixture
def desk(server: Server, visit) -> Page:
    """The page on the first bullet of the drafted issue."""
    return visit(server.url)
