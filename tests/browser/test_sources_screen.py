"""Articles and stories in a real browser: found, added, refused, arranged, drafted from."""

import pytest
from playwright.sync_api import expect

from assistant.review.edit import newest
from assistant.review.stories import chosen
from assistant.store import audit
from tests.browser.driving import ISSUE, Server, claims, replace_in_text, saved, wait_ready

pytestmark = pytest.mark.browser
LATE = "https://wire.example/2023/07/26/talks"


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


@pytest.fixture
def sources(desk):
    button(desk, "Sources").click()
    expect(desk.locator("#articles .row").first).to_be_visible()
    return desk


@pytest.fixture
def stories(desk):
    button(desk, "Stories").click()
    expect(desk.locator("#story h1")).to_be_visible()
    return desk


def test_a_search_opens_the_article_at_its_passage(sources):
    sources.get_by_label("Search").fill("export controls chip-making equipment took effect")
    expect(sources.locator("#reading mark").first).to_contain_text("export", timeout=30_000)
    expect(sources.locator("#reading mark").first).to_be_in_viewport()


def test_articles_are_narrowed_down_by_what_is_known_of_them(sources):
    everything = int(sources.locator("#found").inner_text().split()[0])
    sources.get_by_label("Language").select_option("ja")
    expect(sources.locator("#articles .row")).to_have_count(2)
    expect(sources.locator("#reading .about")).to_contain_text("Japanese")
    sources.get_by_label("Language").select_option("")
    sources.get_by_label("Reprints too").uncheck()
    expect(sources.locator("#found")).not_to_have_text(f"{everything} articles")
    sources.get_by_label("From", exact=True).fill("2023-07-21")
    sources.get_by_label("Kind", exact=True).select_option("official")
    expect(sources.locator("#articles .row").first).to_contain_text("official")
    for line in sources.locator("#articles .row small").all_inner_texts():
        assert "official" in line


def test_uploads_are_added_or_refused_with_the_reason(sources, tmp_path):
    good = b"---\nurl: https://wire.example/a\ntitle: Late talks\n---\nThe allies met on July 26.\n"
    empty, strange = b"  ", b"MZ"
    button(sources, "Add articles…").click()
    sources.get_by_label("Files").set_input_files(
        [
            {"name": "late.md", "mimeType": "text/markdown", "buffer": good},
            {"name": "empty.txt", "mimeType": "text/plain", "buffer": empty},
            {"name": "tool.exe", "mimeType": "application/octet-stream", "buffer": strange},
        ]
    )
    button(sources, "Upload").click()
    job = sources.locator("#reads .job").first
    expect(job).to_contain_text("1 added late.md", timeout=30_000)
    expect(job).to_contain_text("Failed tool.exe: Files of this kind cannot be read")
    expect(job).to_contain_text("Failed empty.txt: This source is empty")
    expect(sources.locator("#articles")).to_contain_text("Late talks")


def test_a_pasted_page_stands_under_its_public_address(sources, server):
    button(sources, "Add articles…").click()
    box = sources.get_by_role("dialog", name="Add articles")
    box.get_by_label("Text").fill("The two governments met in Tokyo on July 26.\n\nThey agreed.")
    box.get_by_label("Its public address").fill(LATE)
    box.get_by_label("Title").fill("Behind a paywall")
    box.get_by_label("Access").select_option("paywalled")
    button(sources, "Add the text").click()
    expect(sources.locator("#reads .job").first).to_contain_text("1 added", timeout=30_000)
    with server.store() as work:
        article = work.articles.by_url(LATE)
    assert (article.title, article.access, article.origin) == (
        "Behind a paywall",
        "paywalled",
        "pasted",
    )


def test_an_address_that_cannot_be_read_says_why(sources):
    button(sources, "Add articles…").click()
    sources.get_by_label("Addresses, one a line").fill("http://127.0.0.1:9/secret")
    button(sources, "Fetch").click()
    job = sources.locator("#reads .job").first
    expect(job).to_contain_text("Failed http://127.0.0.1:9/secret:", timeout=30_000)


def test_an_article_that_a_link_waited_for_makes_its_claim_checked_again(desk, server):
    replace_in_text(desk, "hosted", "hosted")
    desk.keyboard.press("Control+Shift+ArrowLeft")
    desk.keyboard.press("Control+k")
    box = desk.get_by_role("dialog", name="Link “hosted”")
    box.get_by_label("Address").fill(LATE)
    box.get_by_role("button", name="Link", exact=True).click()
    expect(claims(desk).nth(2)).to_contain_text("not checked", timeout=30_000)
    with server.store() as work:
        text = work.issues.get(ISSUE).bullets[0].claims[2].text
    button(desk, "Sources").click()
    button(desk, "Add articles…").click()
    desk.get_by_label("Text", exact=True).last.fill(f"{text}\n\nThat was all.")
    desk.get_by_label("Its public address").fill(LATE)
    button(desk, "Add the text").click()
    expect(desk.locator("#reads .job").first).to_contain_text("1 added", timeout=30_000)
    button(desk, "Draft").click()
    expect(claims(desk).nth(2)).to_contain_text("supported", timeout=30_000)


def test_while_another_article_is_awaited_none_can_be_taken_out(sources):
    out = button(sources, "Take it out of the corpus…")
    expect(out).to_be_visible()
    sources.route("**/api/articles/*", lambda route: None)  # the answer never comes
    sources.locator("#articles .row").nth(3).click()
    expect(out).to_have_count(0)


def test_an_article_is_taken_out_with_its_consequences_shown(sources, server):
    with server.store() as work:
        cited = work.issues.get(ISSUE).bullets[4].citations[0].article_id
    sources.get_by_label("Search").fill("Itochu partners plan to invest renewable energy")
    sources.locator(f"#articles .row[data-id='{cited}']").click()
    button(sources, "Take it out of the corpus…").click()
    box = sources.get_by_role("dialog", name="Take this article out?")
    expect(box.locator("li")).to_contain_text("bullet 5")
    expect(box.locator("li")).to_contain_text("rest on it")
    box.get_by_role("button", name="Take it out", exact=True).click()
    expect(sources.locator("#said")).to_contain_text("keeps its words")
    button(sources, "Draft").click()
    expect(sources.locator("#bullets .row").nth(4)).to_contain_text("to settle", timeout=30_000)
    with server.store() as work, work.database.read() as connection:
        assert "article removed" in {entry.what for entry in audit.entries(connection)}


def test_stories_are_merged_split_renamed_pinned_and_dropped(stories, server):
    rows = stories.locator("#story-list .row")
    before = rows.count()
    boxes = stories.locator("#story-list input")
    boxes.nth(1).check()
    boxes.nth(2).check()
    button(stories, "Merge marked").click()
    expect(rows).to_have_count(before - 1)
    expect(stories.locator("#story .soft").first).to_contain_text("merged from 2 by")
    size = stories.locator("#story .marked li").count()
    stories.locator("#story .marked input").first.check()
    button(stories, "Make these a story of their own").click()
    expect(rows).to_have_count(before)
    expect(stories.locator("#story .marked li")).to_have_count(1)
    button(stories, "Rename…").click()
    stories.get_by_label("Title", exact=True).fill("Karuizawa <i>talks</i>")
    button(stories, "Rename").click()
    expect(stories.locator("#story h1")).to_have_text("Karuizawa <i>talks</i>")
    button(stories, "Pin").click()
    expect(rows.first).to_contain_text("Karuizawa <i>talks</i>")
    button(stories, "Drop").click()
    expect(rows.last).to_contain_text("Karuizawa <i>talks</i>")
    stories.reload()
    wait_ready(stories)
    expect(rows.last).to_contain_text("Karuizawa <i>talks</i>", timeout=30_000)
    assert size > 2


def test_what_a_past_issue_said_and_when_the_articles_came(stories):
    row = stories.locator("#story-list .row", has_text="follows a past bullet").first
    row.click()
    expect(stories.locator("#story .past")).to_contain_text("What a past issue said of it")
    expect(stories.locator(".timeline circle").first).to_be_visible()


def test_five_are_chosen_ordered_and_drafted_one_by_one(home, visit):
    server = Server(home).start()
    try:
        page = visit(server.url)
        button(page, "New issue…").click()
        page.get_by_label("Day of the issue").fill("2023-07-29")
        page.get_by_label("Window from").fill("2023-07-11")
        page.get_by_label("Window to").fill("2023-07-28")
        button(page, "Begin the issue").click()
        expect(page.locator("#chosen-line")).to_contain_text("None yet", timeout=30_000)
        issue = page.locator("#issues").input_value()
        button(page, "Choose the best 5").click()
        expect(page.locator("#chosen li")).to_have_count(5)
        page.locator("#chosen li").nth(1).get_by_role("button").first.click()
        expect(page.locator("#chosen li").first).to_contain_text("Karuizawa")
        button(page, "Draft 5 bullets").click()
        expect(page.locator("#drafts")).to_contain_text("drafted", timeout=60_000)
        button(page, "Open the first").click()
        expect(page.locator("#claim-count")).to_contain_text("hold", timeout=30_000)
        with server.store() as work:
            bullets = work.issues.get(issue).bullets
            assert [b.story.id for b in bullets] == [s.id for s in chosen(work, issue)][
                : len(bullets)
            ]
            assert newest(work, bullets[0].id).author == "assistant"
            assert len(bullets) >= 4
    finally:
        server.stop()


def test_a_bullet_from_pasted_sentences_is_checked(desk, server):
    button(desk, "Add a bullet by hand").click()
    said = "The US Space Force conducted its first Space Engagement Talks with Japan on July 13."
    desk.get_by_label("Sentences").fill(said)
    button(desk, "Add the bullet").click()
    expect(desk.locator("#text")).to_have_text(said)
    expect(claims(desk).first).not_to_contain_text("changed", timeout=30_000)
    desk.keyboard.type("First talks on space")
    saved(desk, 3)
    with server.store() as work:
        assert work.issues.get(ISSUE).bullets[5].headline == "First talks on space"
