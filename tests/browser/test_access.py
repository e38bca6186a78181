"""Without a mouse, and for everybody: keyboard from start to finish, and axe on every screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.driving import ISSUE, claims, grave, wait_ready

pytestmark = pytest.mark.browser
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
    page.set_viewport_size({"width": 768, "height": 1024})
    assert grave(page) == []


def test_an_issue_is_edited_reviewed_and_exported_by_keyboard_alone(desk, server):
    keys = desk.keyboard
    keys.press("Alt+e")
    expect(desk.locator("#text")).to_be_focused()
    keys.press("Control+End")
    keys.type(" It rained on Mars.")
    expect(claims(desk).nth(5)).to_contain_text("unsupported", timeout=30_000)
    keys.press("Alt+b")  # to what blocks
    expect(claims(desk).nth(5)).to_have_attribute("aria-current", "true")
    expect(desk.locator(".repairs button").first).to_be_visible()
    for _ in range(30):
        keys.press("Tab")
        if desk.evaluate("document.activeElement.textContent") == "Drop the sentence":
            break
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
    desk.locator("#tabs button").first.focus()
    for _ in range(3):
        keys.press("Tab")
    keys.press("Enter")
    expect(desk.locator("#send-line")).to_contain_text("may leave")
    for _ in range(20):
        keys.press("Tab")
        if desk.evaluate("document.activeElement.id") == "export-html":
            break
    keys.press("Enter")
    expect(desk.locator("#sent")).to_contain_text(f"{ISSUE}.html")
    assert (server.home / "issues" / f"{ISSUE}.html").is_file()


def test_the_same_bullet_comes_back_after_a_reload(desk):
    desk.keyboard.press("Alt+n")
    expect(desk.locator("#headline")).to_contain_text("envoys")
    desk.reload()
    wait_ready(desk)
    expect(desk.locator("#headline")).to_contain_text("envoys")
