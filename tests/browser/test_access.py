"""Without a mouse, and for everybody: keyboard from start to finish, and axe on every screen."""

import pytest
import yaml
from playwright.sync_api import expect

from assistant import resources
from assistant.review.people import add_user
from tests.browser.driving import (
    ISSUE,
    Server,
    button,
    claims,
    grave,
    wait_ready,
)

pytestmark = pytest.mark.browser
# What a screen reader calls the element that has the focus.
NAME = """() => {
    const at = document.activeElement;
    const label = at.labels?.[0]?.firstChild.textContent;
    return (at.getAttribute("aria-label") ?? label ?? at.textContent).trim();
}"""
SCREENS = ("Sources", "Stories", "Draft", "Send", "Evals", "Settings")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_has_a_grave_finding(server, visit, scheme):
    page = visit(server.url, color_scheme=scheme)
    expect(page.locator("#article mark").first).to_be_visible()
    for screen in SCREENS:
        page.get_by_role("button", name=screen, exact=True).click()
        ready = {
            "Sources": "#reading .body",
            "Stories": "#story h1",
            "Evals": "#eval-form",
            "Settings": "#rules",
        }.get(screen, "#bar")
        expect(page.locator(ready)).to_be_visible(timeout=30_000)
        assert grave(page) == [], screen
    page.get_by_role("button", name="Draft", exact=True).click()
    button(page, "Revise").first.click()
    expect(page.get_by_label("What should change")).to_be_visible()
    assert grave(page) == [], "Revise"
    page.set_viewport_size({"width": 768, "height": 1024})
    assert grave(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_have_the_sign_in_and_the_empty_desk(visit, tmp_path, scheme):
    empty = Server(tmp_path / "new")
    with empty.store() as work:
        add_user(work.database, "mika", "correct horse battery", "the test")
    empty.start()
    try:
        page = visit(empty.url, ready=False, color_scheme=scheme)
        page.get_by_label("Name").fill("mika")
        page.get_by_label("Password").fill("a guess that fails")
        button(page, "Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert grave(page) == [], "sign-in"
        page.get_by_label("Password").fill("correct horse battery")
        button(page, "Sign in").click()
        wait_ready(page)
        expect(page.get_by_role("heading", name="No issue yet")).to_be_visible()
        assert grave(page) == [], "no issue"
    finally:
        empty.stop()


def press_to(page, name, key="Tab"):
    """Go on with `key` until what has the focus has this accessible name."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate(NAME) == name:
            return
    pytest.fail(f"{name} is not reached with {key}")


def test_a_pasted_page_becomes_an_exported_issue_by_keyboard_alone(visit, tmp_path):
    source = resources.sample_corpus() / "articles" / "space-talks-official.md"
    head, _, text = source.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    about = yaml.safe_load(head)
    server = Server(tmp_path / "new").start()
    try:
        page = visit(server.url)
        keys = page.keyboard
        press_to(page, "Sources")
        keys.press("Enter")
        press_to(page, "Add articles…")
        keys.press("Enter")
        press_to(page, "Text")
        keys.insert_text(text)
        for field, words in (
            ("Its public address", about["url"]),
            ("Title", about["title"]),
            ("Published on", f"{about['published_on']:%m%d%Y}"),
        ):
            press_to(page, field)
            keys.type(words)
        press_to(page, "Add the text")
        keys.press("Enter")
        expect(page.locator("#reads .job").first).to_contain_text("1 added", timeout=30_000)
        press_to(page, "New issue…")
        keys.press("Enter")
        expect(page.get_by_label("Day of the issue")).to_be_focused()
        keys.type("07282023")
        press_to(page, "Begin the issue")
        keys.press("Enter")
        expect(page.locator("#chosen-line")).to_contain_text("None yet", timeout=30_000)
        press_to(page, "Choose the best 1")
        keys.press("Enter")
        expect(page.locator("#chosen li")).to_have_count(1)
        press_to(page, "Draft 1 bullet")
        keys.press("Enter")
        expect(page.locator("#drafts")).to_contain_text("1 bullet drafted", timeout=60_000)
        press_to(page, "Open the first")
        keys.press("Enter")
        expect(page.locator("#claim-count")).to_contain_text("hold", timeout=30_000)
        for state in ("Reviewed", "Approved"):
            keys.press("Alt+a")
            expect(page.locator("#standing")).to_contain_text(state, timeout=30_000)
        press_to(page, "Send", "Shift+Tab")
        keys.press("Enter")
        expect(page.locator("#send-line")).to_contain_text("may leave")
        press_to(page, "Export the web page")
        keys.press("Enter")
        expect(page.locator("#sent")).to_contain_text("vol-1-1.html")
        assert about["url"] in (server.home / "issues" / "vol-1-1.html").read_text()
    finally:
        server.stop()


def test_an_issue_is_edited_reviewed_and_exported_by_keyboard_alone(desk, server):
    keys = desk.keyboard
    keys.press("Alt+e")
    expect(desk.locator("#text")).to_be_focused()
    keys.press("Control+End")
    keys.type(" It rained on Mars.")
    expect(claims(desk).nth(5)).to_contain_text("not checked", timeout=30_000)
    keys.press("Alt+b")  # to what blocks
    expect(claims(desk).nth(5)).to_have_attribute("aria-current", "true")
    expect(desk.locator(".repairs button").first).to_be_visible()
    press_to(desk, "Drop the sentence")
    keys.press("Enter")
    expect(desk.locator("#text")).not_to_contain_text("Mars")
    expect(desk.locator("#claim-count")).to_have_text("all 5 hold", timeout=30_000)
    for number in range(5):
        keys.press("Alt+a")
        expect(desk.locator("#standing")).to_contain_text("Reviewed", timeout=30_000)
        keys.press("Alt+a")
        expect(desk.locator("#standing")).to_contain_text("Approved", timeout=30_000)
        if number < 4:
            keys.press("Alt+n")
            expect(desk.locator("#bullets .row").nth(number + 1)).to_have_attribute(
                "aria-current", "true"
            )
    expect(desk.locator("#points-line")).to_have_text("✓ Nothing blocks sign-off")
    press_to(desk, "Send", "Shift+Tab")
    keys.press("Enter")
    expect(desk.locator("#send-line")).to_contain_text("may leave")
    press_to(desk, "Export the web page")
    keys.press("Enter")
    expect(desk.locator("#sent")).to_contain_text(f"{ISSUE}.html")
    assert (server.home / "issues" / f"{ISSUE}.html").is_file()


def test_the_same_bullet_comes_back_after_a_reload(desk):
    desk.keyboard.press("Alt+n")
    expect(desk.locator("#headline")).to_contain_text("envoys")
    desk.reload()
    wait_ready(desk)
    expect(desk.locator("#headline")).to_contain_text("envoys")
