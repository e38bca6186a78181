"""A desk with nothing in it, and past issues brought in, in a real browser."""

import pytest
from playwright.sync_api import expect

from assistant import resources

pytestmark = pytest.mark.browser


def test_past_issues_are_shown_before_they_are_kept(empty, visit):
    page = visit(empty.url)
    opener = page.get_by_role("button", name="Bring in past issues…")
    opener.click()
    box = page.get_by_role("dialog", name="Past issues")
    files = [
        {"name": file.name, "mimeType": "text/markdown", "buffer": file.read_bytes()}
        for file in sorted((resources.sample_corpus() / "issues").glob("*.md"))
    ]
    bad = {"name": "notes.md", "mimeType": "text/markdown", "buffer": b"<b>No</b> issue."}
    box.get_by_label("Files of past issues").set_input_files([*files, bad])
    expect(box.locator("section")).to_have_count(3)
    expect(box.locator("section").first.locator("li")).to_have_count(5)
    expect(box.locator("section").first.locator("li").first).to_contain_text("links: ")
    expect(box.locator(".finding.error")).to_contain_text("notes.md: no line says 'Headlines:'")
    with empty.store() as work:
        assert work.issues.index() == []
        box.get_by_role("button", name="Keep 3 issues").click()
        expect(page.locator("#said")).to_contain_text("Kept 3 past issues")
        expect(page.locator("#points-line")).to_have_text("A past issue; it is only read.")
        assert [line.status for line in work.issues.index()] == ["imported"] * 3
    expect(page.locator("#issues option")).to_have_count(3)
    page.get_by_role("button", name="Sources", exact=True).click()
    page.get_by_role("button", name="Past issues…", exact=True).click()
    box.get_by_label("Files of past issues").set_input_files(files[:1])
    expect(box.locator(".finding.warning")).to_contain_text("It was imported before")


def test_a_screen_with_nothing_to_show_says_what_to_do(empty, visit):
    page = visit(empty.url)

    def go(screen):
        page.get_by_role("button", name=screen, exact=True).click()

    go("Sources")
    expect(page.locator("#reading")).to_contain_text("No article yet. Add")
    for screen, words in (("Stories", "Begin one with New issue"), ("Send", "nothing to send")):
        go(screen)
        expect(page.locator(f"#screen-{screen.lower()}")).to_contain_text(words)
        expect(page.get_by_role("heading", name="No issue yet")).to_be_visible()
    go("Evals")
    expect(page.locator("#no-report")).to_be_visible()
    go("New issue…")
    page.get_by_label("Day of the issue").fill("2023-07-28")
    go("Begin the issue")
    expect(page.locator("#chosen-line")).to_contain_text("None yet", timeout=30_000)
    go("Draft")
    expect(page.locator("#no-bullet")).to_be_visible()
    expect(page.locator("#points-line")).to_have_text("No bullet yet.")
    go("Send")
    expect(page.locator("#send-line")).to_contain_text("no bullet yet")
