"""From an empty desk to an exported issue, as somebody new would go about it."""

import pytest
from playwright.sync_api import expect

from assistant import resources
from assistant.publish.read_issue import read_issue
from tests.browser.driving import Server, button

pytestmark = pytest.mark.browser
MODEL = pytest.mark.model


@pytest.fixture
def empty(tmp_path, model):
    server = Server(tmp_path / "home", model).start()
    yield server
    server.stop()


# The model writes a bullet in half a minute: one shows what five would.
@pytest.mark.parametrize(
    ("model", "writer", "stories", "least", "note"),
    [
        pytest.param("none", "extractive", 5, 4, "drafted in the sources’ words", id="extractive"),
        pytest.param("auto", "model", 1, 1, "drafted by the model", id="model", marks=MODEL),
    ],
)
def test_a_folder_of_articles_becomes_an_exported_issue(empty, visit, writer, stories, least, note):
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
    for left in range(4, stories - 1, -1):
        page.locator("#story-list .row", has=page.locator(".place")).last.click()
        button(page, "Leave it out of the issue").click()
        expect(page.locator("#chosen li")).to_have_count(left)
    expect(page.get_by_label("Writer")).to_have_value(writer)
    page.locator("#draft-them").click()
    button(page, "Open the first").click(timeout=600_000)

    rows = page.locator("#bullets .row")
    # The editor settles what the draft left open: a sentence that its page does not say is
    # dropped, a story whose very headline does not hold is taken out.
    expect(page.locator("#points-line")).not_to_have_text("Checking…", timeout=120_000)
    points, claim = page.locator("#points .point"), page.locator("#claims .row[aria-current=true]")
    while left := points.count():
        words = points.first.inner_text().partition("“")[2].rstrip("”…")
        points.first.click()
        expect(claim).to_contain_text(words)  # not yet that of the bullet shown before
        headline = "Headline" in claim.inner_text()
        button(page, "Take out" if headline else "Drop the sentence").click()
        expect(points).to_have_count(left - 1, timeout=120_000)
        expect(page.locator("#points-line")).not_to_have_text("Checking…", timeout=120_000)
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
    assert len(issue.bullets) == rows.count() >= least
    assert all(bullet.citations for bullet in issue.bullets)
    with empty.store() as work:
        drafts = [b.id for b in work.issues.get("vol-1-1").bullets]
        assert {work.issues.revisions(bullet)[0].note for bullet in drafts} == {note}
