"""Every dialog of the desk: no grave finding of axe, and the keyboard in and out of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.driving import claims, grave, replace_in_text, saved

pytestmark = pytest.mark.browser
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
INSIDE = "document.querySelector('dialog[open]').contains(document.activeElement)"
# Screen, the button that opens the dialog, and the dialog's name.
OPENED = [
    ("Draft", "History", "History"),
    ("Draft", "Keyboard and help", "Help"),
    ("Draft", "Add a bullet by hand", "A bullet by hand"),
    ("Draft", "New issue…", "A new issue"),
    ("Stories", "Rename…", "Rename the story"),
    ("Sources", "Add articles…", "Add articles"),
    ("Sources", "Past issues…", "Past issues"),
    ("Sources", "Take it out of the corpus…", "Take this article out?"),
]


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def holds_the_keyboard(page):
    """Tab and Shift+Tab go round inside the open dialog, and reach more than one place."""
    assert page.evaluate(INSIDE)
    count = (
        "document.querySelectorAll('dialog[open] :is(button, input, select, textarea, a)').length"
    )
    turns = page.evaluate(count) + 2
    for key in ("Tab", "Shift+Tab"):
        seen = set()
        for _ in range(turns):
            page.keyboard.press(key)
            assert page.evaluate(INSIDE), (key, page.evaluate("document.activeElement.outerHTML"))
            seen.add(page.evaluate("document.activeElement.outerHTML"))
        assert len(seen) > 1


def is_good(page, box):
    expect(box).to_be_visible()
    assert grave(page) == []
    holds_the_keyboard(page)


@SCHEMES
def test_dialogs_that_a_button_opens(server, visit, scheme):
    page = visit(server.url, color_scheme=scheme)
    for screen, opener, name in OPENED:
        button(page, screen).click()
        button(page, opener).focus(timeout=30_000)
        page.keyboard.press("Enter")
        box = page.get_by_role("dialog", name=name)
        is_good(page, box)
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        expect(button(page, opener)).to_be_focused()


def test_stories_that_come_again_leave_the_focus_where_it_is(server, visit):
    page = visit(server.url)
    stories = button(page, "Stories")
    stories.click()
    button(page, "Rename…").focus(timeout=30_000)
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="Rename the story")
    expect(box).to_be_visible()
    with page.expect_response(lambda response: response.url.endswith("/stories")) as again:
        stories.evaluate("tab => tab.click()")
    again.value.finished()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(button(page, "Rename…")).to_be_focused()


@SCHEMES
def test_the_conflict_of_two_editors(server, visit, scheme):
    page, other = visit(server.url, color_scheme=scheme), visit(server.url)
    replace_in_text(other, "July 13, opening", "July 12, opening")
    saved(other, 2)
    replace_in_text(page, "July 13, opening", "July 14, opening")
    box = page.get_by_role("dialog", name="Two versions of this bullet")
    is_good(page, box)
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    button(page, "Compare").focus()
    page.keyboard.press("Enter")
    box.get_by_role("radio").nth(1).focus()
    page.keyboard.press("Space")
    box.get_by_role("button", name="Save this choice").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_contain_text("July 12, opening")


@SCHEMES
def test_the_link_of_a_word_and_the_reason_of_an_override(server, visit, scheme):
    page = visit(server.url, color_scheme=scheme)
    replace_in_text(page, "July 13, opening", "July 15, opening")
    expect(claims(page).nth(1)).to_contain_text("contradicted", timeout=30_000)
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Control+k")
    box = page.get_by_role("dialog", name="Link “opening”")
    expect(box.locator(".choices button").first).to_be_visible()
    is_good(page, box)
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    button(page, "Mark as reviewed").click()
    button(page, "Approve").focus()
    page.keyboard.press("Enter")
    is_good(page, page.get_by_role("dialog", name="Approve although something is open?"))
    page.keyboard.press("Escape")
    expect(button(page, "Approve")).to_be_focused()


@SCHEMES
def test_the_tour(server, visit, scheme):
    page = visit(server.url, color_scheme=scheme)
    button(page, "Keyboard and help").click()
    button(page, "Take the tour").focus()
    page.keyboard.press("Enter")
    for number in range(1, 7):
        is_good(page, page.get_by_role("dialog", name=f"{number} of 6"))
        last = number == 6
        button(page, "Done" if last else "Next").focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button(page, "Draft")).to_be_focused()
    expect(page.locator("#text")).to_be_visible()
