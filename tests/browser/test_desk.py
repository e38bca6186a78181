"""The editor's desk in a real browser, over a server and a home of its own."""

import datetime as dt
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect, sync_playwright

from assistant.cli import digest
from assistant.publish.markdown import bullet_markdown
from assistant.publish.read_issue import read_issue
from assistant.review.edit import newest, save_bullet
from assistant.settings import Settings
from assistant.workspace import open_workspace

pytestmark = pytest.mark.browser

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
HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)} {{value}} said so."
SOURCE = "https://wire.example/talks"
HEADLINE = "US, Japan ministers meet in Tokyo"
MET = "The ministers of Japan and the United States met in Tokyo on July 14."
ARTICLE = f"""---
url: {SOURCE}
title: Ministers meet <script>alert(3)</script>
publisher: Wire
published_on: 2023-07-14
kind: wire
access: open
language: en
---
{MET} No date was set. \\{HOSTILE}
"""
ISSUE = f"""Digest

Vol: 2.14

July 28, 2023

Headlines:

- {HEADLINE}
- US opens an office

Details:

- The ministers of Japan and the United States [met]({SOURCE}) in Tokyo on July 14.
- The United States opened an office in Austin on July 20.
"""


@pytest.fixture(scope="module")
def chromium():
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("There is no Chromium in PATH; run `make browser`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home with one article."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    home = folder / "home"
    words = ["ingest", str(folder / "article.md"), "--home", str(home), "--model", "none"]
    read = CliRunner().invoke(digest, words)
    assert read.exit_code == 0, read.output
    return home


def at(home):
    return open_workspace(Settings(home=home, model="none"))


@pytest.fixture(scope="module")
def address(home):
    """Where a server of its own, started from the command line, shows the desk."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    start = "from assistant.cli import main; main()"
    words = ["ui", "--port", port, "--home", str(home), "--model", "none"]
    server = subprocess.Popen(
        [sys.executable, "-c", start, *words], stderr=subprocess.PIPE, text=True
    )
    try:
        said = []
        for line in server.stderr:  # ends when the desk is up, or when the server is gone
            said.append(line)
            if "The desk is at" in line:
                break
        assert server.poll() is None, said
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()
        server.stderr.close()


@pytest.fixture
def issue(home):
    """A new issue of two bullets that nobody checked yet; the newest, so that it opens."""
    with at(home) as work:
        number = len(work.issues.list()) + 1
        drafted = replace(
            read_issue(ISSUE, "issue"),
            number=number,
            date=dt.date(2023, 7, 28) + dt.timedelta(days=number),
            writer="extractive",
        )
        return work.issues.save(drafted, "assistant")


@pytest.fixture
def desk(chromium, address, issue):
    """The page, open on the first bullet; `dialogs` are those that something opened."""
    context = chromium.new_context(viewport={"width": 1360, "height": 820})
    page = context.new_page()
    requests, page.dialogs = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    expect(page.get_by_label("Headline")).to_have_value(HEADLINE, timeout=30_000)
    yield page
    assert [url for url in requests if not url.startswith(address)] == []
    context.close()


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def claims(page):
    return page.locator(".claims .pick")


def checked(page):
    """The first bullet, checked: headline and sentence hold."""
    button(page, "Check again").click()
    expect(page.locator(".claims .verdict.supported")).to_have_count(2, timeout=30_000)


def test_an_edit_is_saved_checked_and_shown_with_its_evidence(desk, home, issue):
    checked(desk)
    expect(desk.locator(".read p a")).to_have_attribute("href", SOURCE)
    detail = desk.get_by_label("Detail, in Markdown")
    detail.fill(detail.input_value().replace("July 14", "July 15"))
    expect(desk.locator("#state")).to_contain_text("Not saved")
    button(desk, "Save").click()
    expect(desk.locator("#state")).to_contain_text("Revision 3")
    expect(claims(desk).nth(1)).to_contain_text("contradicted", timeout=30_000)
    with at(home) as work:
        stored = newest(work, issue.bullets[0].id)
        assert stored.bullet.text == MET.replace("14", "15")
        assert stored.bullet.claims[1].verdict.status == "contradicted"
    claims(desk).nth(1).click()
    expect(claims(desk).nth(1)).to_have_attribute("aria-current", "true")
    expect(desk.locator("#evidence mark").first).to_have_text(MET)
    expect(desk.locator("#evidence .about").first).to_have_text("Wire · 2023-07-14 · wire · open")


def test_source_text_is_only_text(desk):
    checked(desk)
    claims(desk).nth(1).click()
    expect(desk.locator("#evidence .source")).to_contain_text(HOSTILE)
    expect(desk.locator("#evidence h3")).to_contain_text("<script>alert(3)</script>")
    detail = desk.get_by_label("Detail, in Markdown")
    detail.fill(
        r"It [met](javascript:alert(4)) \<img src=x onerror=alert(5)> ${alert(6)} {{value}}."
    )
    button(desk, "Save").click()
    expect(desk.locator(".read p")).to_contain_text("${alert(6)} {{value}}.")
    assert desk.locator("#desk img, #desk script, .read p a").count() == 0
    assert desk.dialogs == []


def test_leaving_a_bullet_saves_its_words(desk, home, issue):
    desk.get_by_label("Headline").fill("US, Japan ministers talk in Tokyo")
    desk.locator(".list .pick").nth(1).click()
    expect(desk.get_by_label("Headline")).to_have_value("US opens an office")
    with at(home) as work:
        assert (
            newest(work, issue.bullets[0].id).bullet.headline == "US, Japan ministers talk in Tokyo"
        )


def test_a_conflict_leaves_the_words_on_the_screen(desk, home, issue):
    with at(home) as work:
        theirs = bullet_markdown(issue.bullets[0]).replace("Tokyo", "Kyoto")
        save_bullet(work, issue.id, issue.bullets[0].id, HEADLINE, theirs, "ken", 1)
    detail = desk.get_by_label("Detail, in Markdown")
    detail.fill("My own words.")
    button(desk, "Save").click()
    expect(desk.locator(".toast-wrap")).to_contain_text("ken saved revision 2")
    expect(detail).to_have_value("My own words.")
    expect(desk.locator("#state")).to_contain_text("Not saved")
    with at(home) as work:
        assert bullet_markdown(newest(work, issue.bullets[0].id).bullet) == theirs
    button(desk, "Discard").click()
    expect(detail).to_have_value(theirs)


def test_export_is_refused_until_there_is_a_reason(desk, home, issue):
    out = home / "issues" / f"{issue.id}.md"
    expect(desk.locator(".status")).to_contain_text("never checked")
    button(desk, "Export").click()
    expect(desk.locator(".toast-wrap")).to_contain_text(re.compile("block.* the export"))
    assert not out.exists()
    desk.get_by_label("Reason, if something blocks").fill("A trial run")
    button(desk, "Export").click()
    expect(desk.locator("#file")).to_contain_text(f"Download {out.name}")
    with desk.expect_download() as download:
        desk.locator("#file").click()
    assert Path(download.value.path()).read_text() == out.read_text()
    assert SOURCE in out.read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_follows_the_system_colours(desk, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.reload()
    expect(desk.get_by_label("Headline")).to_have_value(HEADLINE)
    paper = desk.locator("#editor").evaluate("e => getComputedStyle(e).backgroundColor")
    assert paper == {"light": "rgb(251, 250, 247)", "dark": "rgb(23, 23, 21)"}[scheme]
