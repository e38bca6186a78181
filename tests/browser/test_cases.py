"""Test cases kept from the desk in a real browser: counted, measured on, and taken back."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.driving import claims, open_bullet, replace_in_text

pytestmark = pytest.mark.browser


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def kept(server):
    """Claim, label and decision of each case of the server's home."""
    text = (server.home / "evals" / "corrections.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    return [(row["claim"], row["label"], row["meta"]["decision"]) for row in rows]


def test_a_verdict_that_is_wrong_is_kept_measured_on_and_taken_back(desk, server):
    claims(desk).nth(1).click()
    said = claims(desk).nth(1).locator(".said").inner_text()
    keep = button(desk, "Keep as a test case")
    keep.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#said")).to_contain_text("Kept as a test case: the page does not say")
    expect(desk.locator("#said")).to_contain_text("Under Evals there is 1 case.")
    expect(button(desk, "Kept as a test case")).to_be_focused()
    assert kept(server) == [(said, 0, "correction")]
    button(desk, "Evals").click()
    expect(desk.locator("#kept-line")).to_contain_text("1 claim that the page does not say")
    button(desk, "Measure the check on them").click()
    expect(desk.locator("#eval-runs .row").first).to_contain_text(
        "grounding on kept cases", timeout=90_000
    )
    button(desk, "Draft").click()
    button(desk, "Kept as a test case").click()
    expect(desk.locator("#said")).to_contain_text("Taken back. Under Evals there are 0 cases.")
    assert kept(server) == []


def test_a_rejected_sentence_and_an_override_are_kept(desk, server):
    open_bullet(desk, 3)
    button(desk, "Revise").first.click()
    button(desk, "lead with the date").click()
    expect(desk.locator("#revise-state")).to_contain_text("would change", timeout=30_000)
    button(desk, "Reject").click()
    rejected = desk.locator("#proposals .rejected")
    expect(rejected).to_contain_text("Rejected: “On July 14, Sec. of State Blinken met")
    expect(rejected.get_by_role("button")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#said")).to_contain_text("the page does not say “On July 14,")
    open_bullet(desk, 5)
    replace_in_text(desk, "$2 billion", "$3 billion")
    row = claims(desk).filter(has_text="$3 billion").first
    expect(row).to_contain_text("contradicted", timeout=30_000)
    button(desk, "Mark as reviewed").click()
    button(desk, "Approve").click()
    desk.get_by_label("Reason").fill("The company said so on the phone")
    button(desk, "Approve with this reason").click()
    desk.locator("#override").get_by_role("button").click()
    expect(desk.locator("#said")).to_contain_text("Under Evals there are")
    found = kept(server)
    assert [(label, decision) for _, label, decision in found][:2] == [
        (0, "rejected"),
        (1, "override"),
    ]
    assert found[0][0].startswith("On July 14,") and "$3 billion" in found[1][0]
