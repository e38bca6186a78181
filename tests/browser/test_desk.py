"""Editing in a real browser: what is saved, checked, marked, repaired and merged."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from assistant.review.edit import newest
from tests.browser.driving import (
    ISSUE,
    claims,
    newest_text,
    open_bullet,
    replace_in_text,
    saved,
    wait_ready,
)

pytestmark = pytest.mark.browser
# The ranges of a custom highlight, as text.
MARKED = "name => [...(CSS.highlights.get(name) ?? [])].map(range => range.toString())"


def test_a_claim_shows_the_very_sentence_of_its_source(desk):
    claims(desk).nth(1).click()
    expect(claims(desk).nth(1)).to_have_attribute("aria-current", "true")
    expect(desk.locator("#article .about")).to_contain_text("US Space Forces Indo-Pacific")
    expect(desk.locator("#article .about")).to_contain_text("Jul 19, 2023 · official · open")
    mark = desk.locator("#article mark").first
    expect(mark).to_contain_text("conducted their first-ever Space Engagement Talks")
    expect(mark).to_be_in_viewport()


def test_that_a_model_is_not_calibrated_takes_a_line_of_the_claims_alone(desk):
    boxes = desk.evaluate("""() => {
        const line = document.querySelector("#uncalibrated");
        line.hidden = false;
        line.textContent = "some-model is not calibrated for checking.";
        const parts = ["#uncalibrated", "#claims", "#evidence-state", "#article"];
        return parts.map(p => document.querySelector(p).getBoundingClientRect().toJSON());
    }""")
    for upper, lower in pairwise(boxes):
        assert upper["bottom"] <= lower["top"] <= upper["bottom"] + 20


def test_the_claim_under_the_cursor_is_the_one_that_is_shown(desk):
    replace_in_text(desk, "the service will", "the service will")
    expect(claims(desk).nth(4)).to_have_attribute("aria-current", "true")
    assert desk.evaluate(MARKED, "desk-current") != []


def test_an_edit_is_stale_at_once_saved_within_two_seconds_and_checked_again(desk, server):
    with desk.expect_request(lambda request: request.method == "PUT", timeout=2_000):
        replace_in_text(desk, "July 13, opening", "July 15, opening")
        expect(claims(desk).nth(1)).to_contain_text("changed")
    saved(desk, 2)
    expect(claims(desk).nth(1)).to_contain_text("contradicted", timeout=30_000)
    assert desk.evaluate(MARKED, "desk-spot") == ["July 15"]
    assert claims(desk).filter(has_text="supported").count() == 4
    with server.store() as work:
        bullet = work.issues.get(ISSUE).bullets[0]
        assert "July 15, opening" in bullet.text
        assert bullet.claims[1].verdict.status == "contradicted"
        assert not any(claim.stale for claim in bullet.claims)


def test_a_wrong_figure_is_repaired_in_one_click_and_the_repair_undone_in_one(desk, server):
    open_bullet(desk, 5)
    replace_in_text(desk, "$2 billion", "$3 billion")
    row = claims(desk).filter(has_text="$3 billion").first
    expect(row).to_contain_text("contradicted", timeout=30_000)
    assert desk.evaluate(MARKED, "desk-spot") == ["$3 billion"]
    desk.get_by_role("button", name="Put “$2 billion” for “$3 billion”").click()
    expect(desk.locator("#text")).to_contain_text("invest about $2 billion")
    expect(desk.locator("#claim-count")).to_have_text("all 4 hold", timeout=30_000)
    with server.store() as work:
        assert newest(work, f"{ISSUE}-5").note == "Repair: Put “$2 billion” for “$3 billion”"
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("#text")).to_contain_text("invest about $3 billion")
    expect(claims(desk).filter(has_text="$3 billion").first).to_contain_text("contradicted")


def test_a_sentence_is_dropped_and_its_links_with_it(desk, server):
    replace_in_text(desk, "July 13 dialogue", "July 19 dialogue")
    row = claims(desk).nth(3)
    expect(row).not_to_contain_text("changed", timeout=30_000)
    expect(row).not_to_contain_text("supported")
    desk.get_by_role("button", name="Drop the sentence").click()
    expect(desk.locator("#text")).not_to_contain_text("Garrant")
    expect(desk.locator("#text a")).to_have_text(["conducted", "become"])


def test_a_style_finding_is_fixed_in_one_click(desk):
    replace_in_text(desk, "US Space Force", "U.S. Space Force")
    finding = desk.locator("#style .finding", has_text="U.S.")
    finding.get_by_role("button", name="Put “US”").click(timeout=30_000)
    expect(desk.locator("#text")).to_contain_text("The US Space Force")
    expect(desk.locator("#style")).not_to_contain_text("U.S.")


def test_what_blocks_is_one_click_away(desk):
    open_bullet(desk, 5)
    replace_in_text(desk, "$2 billion", "$3 billion")
    expect(desk.locator("#points .point")).to_have_count(1, timeout=30_000)
    open_bullet(desk, 1)
    desk.locator("#points .point").click()
    expect(desk.locator("#headline")).to_contain_text("Itochu")
    expect(claims(desk).filter(has_text="$3 billion").first).to_have_attribute(
        "aria-current", "true"
    )


def test_a_refresh_in_the_middle_of_typing_loses_nothing(desk, server):
    replace_in_text(desk, "Force by fiscal", "Force itself by fiscal")
    desk.reload()
    wait_ready(desk)
    expect(desk.locator("#text")).to_contain_text("Force itself by fiscal")
    saved(desk, 2)
    with server.store() as work:
        assert newest_text(work).endswith("Force itself by fiscal 2027.")


def test_a_server_killed_in_the_middle_of_an_edit_loses_nothing(desk, server):
    replace_in_text(desk, "July 13, opening", "July 14, opening")
    saved(desk, 2)
    server.kill()
    replace_in_text(desk, "Force by fiscal", "Force itself by fiscal")
    expect(desk.locator("#state")).to_contain_text("Your text is kept in this browser")
    with server.store() as work:
        assert "July 14, opening" in newest_text(work)
    server.start()
    saved(desk, 3)
    expect(desk.locator("#claim-count")).to_contain_text("to settle")
    with server.store() as work:
        assert newest_text(work).endswith("Force itself by fiscal 2027.")
    desk.reload()
    wait_ready(desk)
    expect(desk.locator("#text")).to_contain_text("Force itself by fiscal")


def test_server_and_page_gone_at_once_lose_nothing(desk, server):
    replace_in_text(desk, "July 13, opening", "July 14, opening")
    saved(desk, 2)
    server.kill()
    replace_in_text(desk, "Force by fiscal", "Force itself by fiscal")
    browser = desk.context
    desk.close()  # as a crash does: nobody is asked whether to leave
    server.start()
    page = browser.new_page()
    page.goto(server.url)
    wait_ready(page)
    expect(page.locator("#said")).to_contain_text("had not been saved was brought back")
    saved(page, 3)
    with server.store() as work:
        text = newest_text(work)
    assert "July 14, opening" in text and text.endswith("Force itself by fiscal 2027.")


def test_two_editors_see_both_versions_and_merge_them(desk, server, visit):
    other = visit(server.url)
    replace_in_text(other, "July 13, opening", "July 12, opening")
    saved(other, 2)
    replace_in_text(desk, "Force by fiscal", "Force itself by fiscal")
    box = desk.get_by_role("dialog", name="Two versions of this bullet")
    expect(box).to_contain_text("July 12, opening")
    expect(box).to_contain_text("Force itself by fiscal")
    box.get_by_role("button", name="Save this choice").click()
    saved(desk, 3)
    with server.store() as work:
        merged = newest_text(work)
        assert "July 12, opening" in merged and merged.endswith("Force itself by fiscal 2027.")
        bullet = work.issues.get(ISSUE).bullets[0]
        anchors = [bullet.text[c.start : c.end] for c in bullet.citations]
        assert anchors == ["conducted", "led", "become"]
    expect(other.locator("#text")).to_contain_text("Force itself by fiscal", timeout=30_000)


def test_both_changed_one_sentence_and_neither_is_lost(desk, server, visit):
    other = visit(server.url)
    replace_in_text(other, "July 13, opening", "July 12, opening")
    saved(other, 2)
    replace_in_text(desk, "July 13, opening", "July 14, opening")
    box = desk.get_by_role("dialog", name="Two versions of this bullet")
    expect(box.locator("legend")).to_have_text("Both of you changed this")
    desk.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(desk.locator("#text")).to_contain_text("July 14, opening")
    desk.get_by_role("button", name="Compare").click()
    box.get_by_role("radio").nth(1).check()
    box.get_by_role("button", name="Save this choice").click()
    expect(desk.locator("#text")).to_contain_text("July 12, opening")
    with server.store() as work:
        assert "July 12, opening" in newest_text(work)


def test_an_older_revision_is_compared_and_restored(desk, server):
    replace_in_text(desk, "July 13, opening", "July 15, opening")
    saved(desk, 2)
    desk.get_by_role("button", name="History").click()
    box = desk.get_by_role("dialog", name="History")
    expect(box.locator("del")).to_have_text("13")
    expect(box.locator("ins")).to_have_text("15")
    box.get_by_role("button", name="Restore revision 1").click()
    expect(desk.locator("#text")).to_contain_text("July 13, opening")
    expect(desk.locator("#claim-count")).to_have_text("all 5 hold", timeout=30_000)
    with server.store() as work:
        notes = [revision.note for revision in work.issues.revisions(f"{ISSUE}-1")]
    assert notes == ["drafted", "", "Revision 1 restored"]


def test_a_link_is_set_on_a_word_and_taken_away(desk, server):
    replace_in_text(desk, "hosted", "hosted")
    desk.keyboard.press("Control+Shift+ArrowLeft")
    desk.keyboard.press("Control+k")
    box = desk.get_by_role("dialog", name="Link “hosted”")
    box.get_by_label("Address").fill("javascript:alert(1)")
    box.get_by_role("button", name="Link", exact=True).click()
    expect(box).to_have_count(1)  # the browser refuses what is no address
    box.get_by_label("Address").fill("https://spaceforces.example/hosted")
    box.get_by_role("button", name="Link", exact=True).click()
    saved(desk, 2)
    with server.store() as work:
        bullet = work.issues.get(ISSUE).bullets[0]
        assert (bullet.text[bullet.citations[1].start :][:6], bullet.citations[1].url) == (
            "hosted",
            "https://spaceforces.example/hosted",
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_follows_the_system_colours(server, visit, scheme):
    page = visit(server.url, color_scheme=scheme)
    paper = page.locator("#desk").evaluate("e => getComputedStyle(e).backgroundColor")
    assert paper == {"light": "rgb(251, 250, 247)", "dark": "rgb(23, 23, 21)"}[scheme]
