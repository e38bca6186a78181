"""Past issues brought in from the desk in a real browser."""

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
