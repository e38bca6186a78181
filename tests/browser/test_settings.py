"""Evals, settings and the tour in a real browser."""

import pytest
from playwright.sync_api import expect

from assistant.store import audit
from tests.browser.driving import replace_in_text

pytestmark = pytest.mark.browser


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_a_rule_is_switched_off_and_its_findings_go(desk, server):
    replace_in_text(desk, "US Space Force", "U.S. Space Force")
    expect(desk.locator("#style")).to_contain_text("U.S.", timeout=30_000)
    button(desk, "Settings").click()
    expect(desk.locator("#model")).to_contain_text("in the sources’ own words")
    rule = desk.locator(".rule", has_text="us-abbreviation").get_by_role("checkbox")
    rule.uncheck()
    expect(desk.locator(".rule", has_text="us-abbreviation")).to_contain_text("switched off by")
    button(desk, "Draft").click()
    expect(desk.locator("#style")).not_to_contain_text("U.S.", timeout=30_000)
    with server.store() as work, work.database.read() as connection:
        assert "style rule switched off" in {entry.what for entry in audit.entries(connection)}


def test_the_tour_shows_every_place_and_ends_at_the_draft(desk):
    button(desk, "Keyboard and help").click()
    button(desk, "Take the tour").click()
    for number in range(1, 6):
        expect(desk.get_by_role("dialog")).to_contain_text(f"{number} of 6")
        expect(desk.locator(".toured")).to_be_visible()
        button(desk, "Next").click()
    button(desk, "Done").click()
    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect(desk.locator(".toured")).to_have_count(0)


def test_a_suite_is_run_and_its_report_shown(desk):
    button(desk, "Evals").click()
    desk.get_by_label("Suite").select_option("style")
    desk.get_by_label("Cases of each kind").fill("2")
    button(desk, "Run").click()
    job = desk.locator("#eval-jobs .job").first
    expect(job).to_have_attribute("data-state", "done", timeout=90_000)
    expect(desk.locator("#eval-runs .row").first).to_contain_text("style, no model")
    expect(desk.frame_locator("#report").locator("body")).to_contain_text("style")
