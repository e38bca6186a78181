"""Revising with an instruction in a real browser: streamed, accepted, rejected, taken back."""

import pytest
from playwright.sync_api import expect

from assistant.review.edit import newest
from tests.browser.driving import ISSUE, Server, button, newest_text, open_bullet

pytestmark = pytest.mark.browser
# The sentence as it was, of a redline.
OLD = "p => [...p.children].filter(e => e.tagName !== 'INS').map(e => e.textContent).join('')"


def revise(page, instruction):
    if page.locator("#revise-section").is_hidden():
        button(page, "Revise").first.click()
    page.get_by_label("What should change").fill(instruction)
    page.keyboard.press("Enter")


def test_one_sentence_is_accepted_one_rejected_and_an_older_revision_restored(desk, server):
    with server.store() as work:
        before = newest_text(work, 3)
    open_bullet(desk, 3)
    revise(desk, "lead with the date")
    proposal = desk.locator("#proposals .proposal")
    expect(desk.locator("#revise-state")).to_contain_text("would change", timeout=30_000)
    expect(proposal.locator("ins").first).to_have_text("On July 14, ")
    expect(proposal).to_contain_text("? not checked")
    expect(desk.locator("#text")).to_have_text(before)
    button(desk, "Accept").click()
    expect(desk.locator("#text")).to_contain_text("On July 14, Sec. of State Blinken met")
    revise(desk, "shorter")
    expect(proposal.locator("del")).to_have_count(1)
    button(desk, "Reject").click()
    expect(proposal).to_have_count(0)
    expect(desk.locator("#claim-count")).to_have_text("1 of 5 to settle", timeout=30_000)
    button(desk, "History").click()
    button(desk, "Restore revision 1").click()
    expect(desk.locator("#text")).to_have_text(before)
    expect(desk.locator("#claim-count")).to_have_text("all 5 hold", timeout=30_000)
    with server.store() as work:
        notes = [revision.note for revision in work.issues.revisions(f"{ISSUE}-3")]
    assert notes == ["drafted", "Revised: lead with the date", "Revision 1 restored"]


@pytest.mark.model
def test_the_model_rewrites_one_sentence_after_the_other(home, visit):
    server = Server(home, model="auto").start()
    try:
        page = visit(server.url)
        open_bullet(page, 5)
        before = page.locator("#text").inner_text()
        revise(page, "make each sentence much shorter")
        proposal = page.locator("#proposals .proposal")
        page.wait_for_function(
            """() => document.querySelectorAll("#proposals .proposal").length === 1
                && document.querySelector("#revise-state").textContent.startsWith("Writing")""",
            timeout=300_000,
        )
        expect(page.locator("#revise-state")).to_contain_text("would change", timeout=300_000)
        assert proposal.count() > 1
        rejected = proposal.first.locator("p").evaluate(OLD)
        assert rejected in before
        button(page, "Reject").first.click()
        replaced = proposal.first.locator("p").evaluate(OLD)
        button(page, "Accept").first.click()
        expect(page.locator("#text")).not_to_contain_text(replaced, timeout=60_000)
        expect(page.locator("#text")).to_contain_text(rejected)
        expect(page.locator("#claims")).not_to_contain_text("changed", timeout=300_000)
        button(page, "History").click()
        button(page, "Restore revision 1").click()
        expect(page.locator("#text")).to_have_text(before)
        with server.store() as work:
            notes = [revision.note for revision in work.issues.revisions(f"{ISSUE}-5")]
        wish = "Revised: make each sentence much shorter"
        assert notes == ["drafted", wish, "Revision 1 restored"]
    finally:
        server.stop()


def test_what_needs_a_model_says_so_and_leaves_the_text_alone(desk, server):
    revise(desk, "make it sing")
    expect(desk.locator("#revise-state")).to_contain_text("Without a model", timeout=30_000)
    with server.store() as work:
        assert newest(work, f"{ISSUE}-1").number == 1


def test_sources_are_proposed_for_pasted_sentences_and_accepted(desk, server):
    with server.store() as work:
        said = work.issues.get(ISSUE).bullets[0].claims[1].text
    button(desk, "Add a bullet by hand").click()
    desk.get_by_label("Sentences").fill(said)
    button(desk, "Add the bullet").click()
    expect(desk.locator("#text")).to_have_text(said)
    button(desk, "Find sources").click()
    button(desk, "Accept").click(timeout=30_000)
    expect(desk.locator("#text a")).to_have_count(1)
    expect(desk.locator("#claims .row").last).to_contain_text("supported", timeout=30_000)
