"""From an empty desk to an exported issue, as somebody new would go about it."""

import pytest
from playwright.sync_api import expect

from assistant import resources
from assistant.publish.read_issue import read_issue

pytestmark = pytest.mark.browser


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_a_folder_of_articles_becomes_an_exported_issue(empty, visit):
    page = visit(empty.url)
    expect(page.get_by_role("heading", name="No issue yet")).to_be_visible()
    button(page, "Sources").click()
    button(page, "Add articles…").click()
    files = sorted((resources.sample_corpus() / "articles").iterdir())
    page.get_by_label("Files").set_input_files(files)
    button(page, "Upload").click()
    expect(page.locator("#reads .job")).to_contain_text("added", timeout=90_000)
    expect(page.locator("#reads .job")).to_contain_text("Reprint")

    button(page, "New issue…").click()
    page.get_by_label("Day of the issue").fill("2023-07-28")
    button(page, "Begin the issue").click()
    button(page, "Choose the best 5").click(timeout=30_000)
    expect(page.locator("#chosen li")).to_have_count(5)
    button(page, "Draft 5 bullets").click()
    button(page, "Open the first").click(timeout=90_000)

    rows = page.locator("#bullets .row")
    # The editor settles what the draft left open: a sentence that its page does not say is
    # dropped, a story whose very headline does not hold is taken out.
    expect(page.locator("#points-line")).not_to_have_text("Checking…", timeout=30_000)
    points, claim = page.locator("#points .point"), page.locator("#claims .row[aria-current=true]")
    while left := points.count():
        words = points.first.inner_text().partition("“")[2].rstrip("”…")
        points.first.click()
        expect(claim).to_contain_text(words)  # not yet that of the bullet shown before
        headline = "Headline" in claim.inner_text()
        button(page, "Take out" if headline else "Drop the sentence").click()
        expect(points).to_have_count(left - 1, timeout=30_000)
        expect(page.locator("#points-line")).not_to_have_text("Checking…", timeout=30_000)
    for number in range(rows.count()):
        rows.nth(number).click()
        expect(rows.nth(number)).to_have_attribute("aria-current", "true")
        button(page, "Mark as reviewed").click()
        button(page, "Approve").click()
        expect(page.locator("#standing")).to_contain_text("Approved by")
    button(page, "Send").click()
    expect(page.locator("#send-line")).to_contain_text("may leave")
    button(page, "Export Markdown").click()
    expect(page.locator("#sent")).to_contain_text("vol-1-1.md")
    exported = empty.home / "issues" / "vol-1-1.md"
    issue = read_issue(exported.read_text(encoding="utf-8"), exported.name)
    assert len(issue.bullets) == rows.count() >= 4
    assert all(bullet.citations for bullet in issue.bullets)
