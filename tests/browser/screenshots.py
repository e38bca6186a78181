"""Takes the pictures of docs/pictures: every screen of the desk, light and dark.

`make screenshots` runs this. It drafts an issue of the sample corpus in a home of its own,
so that every run shows the same.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import Page, expect, sync_playwright

from assistant import resources
from assistant.cli import digest
from assistant.review.signoff import leave_note, sign
from tests.browser.driving import (
    ARGS,
    ISSUE,
    NAMES,
    Server,
    claims,
    open_bullet,
    replace_in_text,
    wait_ready,
)

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def main() -> None:
    """Write the pictures; ends with an error where a screen does not come."""
    os.environ["LOGNAME"] = "mika"  # whoever takes the pictures, they show this editor
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = next(path for name in NAMES if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGS)
        for scheme in ("light", "dark"):
            with tempfile.TemporaryDirectory() as folder:
                server = Server(_sample(Path(folder) / "home")).start()
                context = browser.new_context(
                    viewport={"width": 1280, "height": 800}, color_scheme=scheme
                )
                try:
                    _take(context.new_page(), server, scheme)
                finally:
                    context.close()
                    server.stop()
        browser.close()


def _sample(home: Path) -> Path:
    words = ["demo", "--writer", "extractive", "--model", "none", "--home", str(home)]
    done = CliRunner().invoke(digest, words)
    assert done.exit_code == 0, done.output
    server = Server(home)
    with server.store() as work:
        first = f"{ISSUE}-1"
        sign(work, ISSUE, first, "reviewed", "mika", 1)
        sign(work, ISSUE, first, "approved", "ken", 1)
        leave_note(work, f"{ISSUE}-2", "Which of the two meetings leads?", "ken")
    return home


def _take(page: Page, server: Server, scheme: str) -> None:
    def shot(name: str) -> None:
        page.evaluate("document.fonts.ready")
        page.screenshot(path=FOLDER / f"{name}-{scheme}.png")
        print(f"{name}-{scheme}.png", file=sys.stderr)

    page.goto(server.url)
    wait_ready(page)
    expect(page.locator("#article mark").first).to_be_visible()
    shot("draft")
    _tab(page, "Sources")
    page.get_by_label("Search").fill("space talks at Yokota")
    expect(page.locator("#reading mark").first).to_be_visible(timeout=30_000)
    shot("sources")
    page.get_by_role("button", name="Add articles…").click()
    shot("add")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Past issues…", exact=True).click()
    past = sorted((resources.sample_corpus() / "issues").glob("*.md"))
    page.get_by_label("Files of past issues").set_input_files(past)
    expect(page.get_by_role("dialog", name="Past issues").locator("section")).to_have_count(3)
    shot("past")
    page.keyboard.press("Escape")
    _tab(page, "Stories")
    page.get_by_role("button", name="Choose the best 5").click(timeout=30_000)
    expect(page.locator("#chosen li")).to_have_count(5)
    shot("stories")
    _tab(page, "Draft")
    open_bullet(page, 5)
    replace_in_text(page, "$2 billion", "$3 billion")
    expect(claims(page).nth(1)).to_contain_text("contradicted", timeout=30_000)
    expect(page.locator(".repair").first).to_be_visible()
    shot("finding")
    page.get_by_role("button", name="Put “$2 billion” for “$3 billion”").click()
    expect(page.locator("#claim-count")).to_contain_text("hold", timeout=30_000)
    open_bullet(page, 3)
    page.get_by_role("button", name="Revise").click()
    page.get_by_role("button", name="lead with the date").click()
    expect(page.locator("#revise-state")).to_contain_text("would change", timeout=30_000)
    page.locator("#revise-section").scroll_into_view_if_needed()
    shot("revise")
    open_bullet(page, 5)
    page.get_by_role("button", name="History").click()
    expect(page.locator(".change p").last).to_be_visible()
    shot("history")
    page.keyboard.press("Escape")
    _conflict(page, server, shot)
    _tab(page, "Send")
    expect(page.frame_locator("#preview").locator("h1")).to_be_visible()
    shot("send")
    _tab(page, "Settings")
    expect(page.locator("#rules .rule").first).to_be_visible()
    shot("settings")
    _tab(page, "Evals")
    page.get_by_label("Suite").select_option("style")
    page.get_by_label("Cases of each kind").fill("10")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.frame_locator("#report").locator("body")).to_contain_text("style", timeout=90_000)
    expect(page.locator("#eval-jobs .job").first).to_have_attribute("data-state", "done")
    shot("evals")


def _conflict(page: Page, server: Server, shot) -> None:
    other = page.context.new_page()
    other.goto(server.url)
    wait_ready(other)
    # Both have the bullet open before either of them saves.
    open_bullet(other, 2)
    open_bullet(page, 2)
    expect(page.locator("#headline")).to_contain_text("envoys")
    replace_in_text(other, "July 20", "July 21")
    expect(other.locator("#state")).to_contain_text("revision 2", timeout=30_000)
    other.close()
    replace_in_text(page, "Karuizawa", "the resort of Karuizawa")
    expect(page.get_by_role("dialog", name="Two versions")).to_be_visible(timeout=30_000)
    shot("conflict")
    page.get_by_role("button", name="All of theirs").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def _tab(page: Page, name: str) -> None:
    page.locator("#tabs").get_by_role("button", name=name).click()


if __name__ == "__main__":
    main()
