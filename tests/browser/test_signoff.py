"""From draft to approved and exported, in a real browser."""

import base64
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.store import audit
from tests.browser.driving import ISSUE, claims, open_bullet, replace_in_text, saved

pytestmark = pytest.mark.browser
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def approve(page):
    button(page, "Mark as reviewed").click()
    expect(page.locator("#standing")).to_contain_text("Reviewed by")
    button(page, "Approve").click()
    expect(page.locator("#standing")).to_contain_text("Approved by")


def log(server):
    with server.store() as work, work.database.read() as connection:
        return audit.entries(connection)


def test_every_bullet_is_approved_and_the_issue_exported(desk, server):
    for number in range(1, 6):
        open_bullet(desk, number)
        approve(desk)
    expect(desk.locator("#points-line")).to_have_text("✓ Nothing blocks sign-off")
    button(desk, "Send").click()
    expect(desk.locator("#send-line")).to_contain_text("The issue may leave")
    button(desk, "Export the web page").click()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download").click()
    page = Path(download.value.path()).read_text()
    assert page == (server.home / "issues" / f"{ISSUE}.html").read_text()
    assert "first Space Engagement Talks" in page
    last = log(server)[-1]
    assert (last.what, last.detail["override"]) == ("issue exported", None)


def test_new_words_need_a_new_approval(desk):
    approve(desk)
    replace_in_text(desk, "Force by fiscal", "Force itself by fiscal")
    saved(desk, 2)
    expect(desk.locator("#standing")).to_contain_text("before the last change")
    expect(button(desk, "Mark as reviewed")).to_be_visible()


def test_what_blocks_is_overridden_with_a_reason_that_is_logged(desk, server):
    replace_in_text(desk, "July 13, opening", "July 15, opening")
    expect(claims(desk).nth(1)).to_contain_text("contradicted", timeout=30_000)
    button(desk, "Mark as reviewed").click()
    button(desk, "Approve").click()
    box = desk.get_by_role("dialog")
    box.get_by_label("Reason").fill("Both ministries confirmed the day by phone")
    box.get_by_role("button", name="Approve with this reason").click()
    expect(desk.locator("#standing")).to_contain_text("“Both ministries confirmed")
    assert log(server)[-1].detail["override"] == "Both ministries confirmed the day by phone"

    button(desk, "Send").click()
    button(desk, "Export Markdown").click()
    box = desk.get_by_role("dialog", name="Export although something is open?")
    expect(box).to_contain_text("July 15")
    desk.keyboard.press("Escape")
    assert not (server.home / "issues" / f"{ISSUE}.md").exists()
    button(desk, "Export Markdown").click()
    box.get_by_label("Reason").fill("A trial run")
    box.get_by_role("button", name="Export with this reason").click()
    expect(desk.locator("#sent")).to_contain_text(f"{ISSUE}.md")
    last = log(server)[-1]
    assert last.detail["override"] == "A trial run"
    assert any("July 15" in line for line in last.detail["blocking"])


def test_a_note_waits_for_a_colleague_until_it_is_settled(desk, server, visit):
    desk.get_by_label("Note to a colleague").fill("Is <b>Mastalir</b> still there?")
    button(desk, "Leave note").click()
    expect(desk.locator("#bullets .row").first).to_contain_text("1 note")
    other = visit(server.url)
    expect(other.locator("#notes")).to_contain_text("Is <b>Mastalir</b> still there?")
    button(other, "Settled").click()
    expect(other.locator("#notes")).to_contain_text("settled by")
    expect(desk.locator("#bullets .row").first).not_to_contain_text("1 note", timeout=30_000)


def test_a_picture_has_words_and_a_credit(desk, server):
    button(desk, "Send").click()
    desk.get_by_label("Picture", exact=True).set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    button(desk, "Save the picture").click()
    expect(desk.locator("#said")).to_contain_text("Say what the picture shows")
    desk.get_by_label("What it shows").fill('Two "officers" at a table')
    button(desk, "Save the picture").click()
    expect(desk.locator("#picture-state")).to_have_text("Saved")
    desk.get_by_label("Image credit").fill("[USAF](https://af.example/1)")
    desk.get_by_label("Image credit").blur()
    expect(desk.locator("#masthead-state")).to_have_text("Saved")
    frame = desk.frame_locator("#preview")
    expect(frame.get_by_role("img", name='Two "officers" at a table')).to_be_visible()
    expect(frame.locator("figcaption")).to_have_text("Image source: USAF")
    desk.get_by_label("Picture", exact=True).set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    button(desk, "Save the picture").click()
    expect(desk.locator("#said")).to_contain_text("no PNG, JPEG, GIF or WebP")
    button(desk, "Take it away").click()
    expect(frame.get_by_role("img")).to_have_count(0)


def test_the_issue_is_copied_with_its_links_as_an_export(server, visit):
    reason = "The director asked for it as it is"
    page = visit(server.url, permissions=["clipboard-read", "clipboard-write"])
    button(page, "Send").click()
    button(page, "Copy as rich text").click()
    box = page.get_by_role("dialog")
    expect(box).to_contain_text("something is open")
    box.get_by_role("button", name="Close").click()
    button(page, "Copy as rich text").click()
    box.get_by_label("Reason").fill(reason)
    box.get_by_role("button", name="Export with this reason").click()
    expect(page.locator("#said")).to_contain_text("Copied")
    last = log(server)[-1]
    assert (last.what, last.detail["override"]) == ("issue exported", reason)
    html = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            return (await item.getType("text/html")).text();
        }"""
    )
    assert "https://spaceforces-indopacific.example/" in html
    assert "<script" not in html and json.dumps(ISSUE) not in html


def test_bullets_are_put_in_order_taken_out_and_brought_back(desk, server):
    desk.get_by_role("button", name="Move down").click()
    expect(desk.locator("#bullets .row").nth(1)).to_contain_text("Space Engagement")
    button(desk, "Take out").click()
    expect(desk.locator("#bullets .row")).to_have_count(4)
    button(desk, "Undo").click()
    expect(desk.locator("#bullets .row")).to_have_count(5)
    with server.store() as work:
        order = [bullet.id for bullet in work.issues.get(ISSUE).bullets]
    assert order == [f"{ISSUE}-{n}" for n in (2, 1, 3, 4, 5)]
