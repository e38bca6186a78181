"""What the browser tests do to the desk: start its server, select, type, wait for a state."""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assistant.settings import Settings
from assistant.workspace import Workspace, open_workspace

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# Without these, Chromium looks up its maker's hosts in the background.
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ISSUE = "vol-2-14"


# A server begins as a copy of a process that has imported all it needs: three seconds less a test.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["assistant.cli", "assistant.desk.app", "ui", "tests.browser.warm"]
)


class Server:
    """`digest ui` over a home, in a process of its own that may be killed and started again."""

    def __init__(self, home: Path, model: str = "none") -> None:
        self.home, self.model = home, model
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/"

    def start(self) -> Server:
        words = ["ui", "--port", self.port, "--home", str(self.home), "--model", self.model]
        self._errors, errors = _PROCESSES.Pipe(duplex=False)
        self._process = _PROCESSES.Process(target=_serve, args=(words, dict(os.environ), errors))
        self._process.start()
        errors.close()
        said = []
        # Ends when the desk is up, or the server is gone.
        for line in open(self._errors.fileno(), encoding="utf-8", closefd=False):  # noqa: SIM115
            said.append(line)
            if "The desk is at" in line:
                break
        else:
            raise AssertionError(said)
        return self

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.join()
        self._errors.close()

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()
        self._errors.close()

    def store(self):
        """The home as another process sees it."""
        return open_workspace(Settings(home=self.home, model="none"))


def _serve(words: Sequence[str], environment: Mapping[str, str], errors: Connection) -> None:
    from assistant.cli import main

    os.environ.clear()
    os.environ.update(environment)
    os.dup2(errors.fileno(), sys.__stderr__.fileno())
    sys.argv = ["digest", *words]
    main()


def wait_ready(page: Page) -> None:
    expect(page.locator("#desk")).to_have_attribute("data-ready", "yes", timeout=30_000)


def replace_in_text(page: Page, old: str, new: str) -> None:
    """Select `old` in the bullet's text as a mouse would, and type `new` over it."""
    found = page.locator("#text").evaluate(
        """(root, old) => {
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            let node;
            while ((node = walker.nextNode())) {
                const at = node.data.indexOf(old);
                if (at < 0) continue;
                root.focus();
                getSelection().setBaseAndExtent(node, at, node, at + old.length);
                return true;
            }
            return false;
        }""",
        old,
    )
    assert found, old
    page.keyboard.type(new)


def button(within, name: str):
    """The button of a page, or of a part of one, with this name."""
    return within.get_by_role("button", name=name, exact=True)


def open_bullet(page: Page, number: int) -> None:
    page.locator("#bullets .row").nth(number - 1).click()
    expect(page.locator("#bullets .row").nth(number - 1)).to_have_attribute("aria-current", "true")


def saved(page: Page, least: int) -> None:
    """All is saved, as revision `least` or, where slow typing was saved in parts, a later one."""
    page.wait_for_function(
        """least => {
            const said = document.querySelector("#state").textContent;
            return Number(/^Saved .*revision (\\d+)/.exec(said)?.[1]) >= least;
        }""",
        arg=least,
        timeout=30_000,
    )


def claims(page: Page):
    return page.locator("#claims .row")


def newest_text(work: Workspace, number: int = 1) -> str:
    return work.issues.get(ISSUE).bullets[number - 1].text


def grave(page: Page) -> list[tuple[str, list[str], str]]:
    """Serious and critical findings of axe, each with its rule and where it stands."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (rule["id"], node["target"], node["failureSummary"][:300])
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
