"""An article and an editor's words made by somebody who means harm, in a real browser."""

import pytest
from playwright.sync_api import expect

from assistant.review.edit import Words, newest, save_bullet
from assistant.types import Citation
from tests.browser.driving import ISSUE, Server, wait_ready

pytestmark = pytest.mark.browser
URL = "https://evil.example/a"
WORDS = (
    "The ministers met <script>alert(1)</script> in Kyoto "
    "<img src=https://evil.example/x.png onerror=alert(2)> "
    "<svg onload=alert(3)> <style>*{display:none}</style> {{ alert(4) }} ${alert(5)} "
    "[click](javascript:alert(6)) on July 20."
)
HIDDEN = "They \u202etsop\u202c agreed to a pla\u200bn on July 21."
PAGE = """<!doctype html><html><head><title>Quiet talks</title>
<style>body{position:fixed}</style><script>alert(9)</script></head>
<body onload="alert(10)"><article><h1>Quiet talks</h1>
<p>The two governments met in Nara on July 22 and discussed the defense of sea lanes at length.
<a href="javascript:alert(11)">They agreed</a> to meet again <img src=x onerror=alert(12)> in
autumn, officials of both sides said after the meeting had ended.</p>
<svg onload="alert(13)"><script>alert(14)</script></svg>
<p style="display:none">Hidden from readers.</p>
<p>The ministers praised the work of the two staffs, which had prepared the talks for a year.</p>
<iframe src="https://evil.example/frame"></iframe></article></body></html>"""
LONG = "long " * 399_000


@pytest.fixture
def hostile(home):
    """A home with the article, and a bullet that rests on it."""
    server = Server(home)
    with server.store() as work:
        text = f"{WORDS}\n\n{HIDDEN}\n\n{LONG}"
        fields = {"url": URL, "title": "<b onclick=alert(7)>Talks</b>", "publisher": "<i>Wire</i>"}
        from assistant.ingest import Pasted

        report = work.ingest.run([Pasted(text, fields)])
        assert report.failed == []
        work.retriever.catch_up()
        said = "The ministers met <b>in Kyoto</b> ${alert(8)} {{x}} on July 20."
        words = Words("Ministers <u>meet</u> in Kyoto", said, (Citation(14, 17, URL, None),))
        bullet = f"{ISSUE}-1"
        save_bullet(work, ISSUE, bullet, words, "mallory<script>", newest(work, bullet).number)
    server.start()
    yield server
    server.stop()


def harmless(page):
    """Nothing of the source or the editor became an element, and nothing ran."""
    inside = "#article, #reading, #articles, #claims, #text, #headline, #points, #bullets, #state"
    for part in inside.split(", "):
        found = page.locator(f"{part} :is(script, img, svg, style, iframe, b[onclick], u)")
        assert found.count() == 0, part
    handlers = page.locator("#desk *").evaluate_all(
        "all => all.flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    )
    assert handlers == []
    assert page.locator("#desk a[href^='javascript' i]").count() == 0


def test_a_hostile_article_is_only_text(hostile, visit):
    page = visit(hostile.url)
    expect(page.locator("#text")).to_have_text(
        "The ministers met <b>in Kyoto</b> ${alert(8)} {{x}} on July 20."
    )
    expect(page.locator("#claims .row").nth(1)).not_to_contain_text("changed", timeout=30_000)
    page.locator("#claims .row").nth(1).click()
    expect(page.locator("#article .about")).to_contain_text("<b onclick=alert(7)>Talks</b>")
    expect(page.locator("#article mark").first).to_contain_text("Kyoto")
    harmless(page)
    page.get_by_role("button", name="History").click()
    expect(page.get_by_role("dialog")).to_contain_text("mallory<script>")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Send", exact=True).click()
    frame = page.frame_locator("#preview")
    expect(frame.locator("article").first).to_contain_text("<b>in Kyoto</b>")
    assert frame.locator("script, article img, article b, article u").count() == 0


def test_it_is_harmless_among_the_sources_too_and_two_megabytes_are_shown(hostile, visit):
    page = visit(hostile.url)
    page.get_by_role("button", name="Sources", exact=True).click()
    page.get_by_label("Publisher").select_option("<i>Wire</i>")
    expect(page.locator("#articles .row")).to_have_count(1)
    body = page.locator("#reading .body")
    expect(body).to_contain_text("<script>alert(1)</script>")
    # What cannot be seen is shown: the text reads as it is stored.
    assert "\u202e" not in body.inner_text() and "\u200b" not in body.inner_text()
    assert page.locator("#reading .body p").count() > 400
    harmless(page)
    page.reload()
    wait_ready(page)
    harmless(page)


def test_a_hostile_page_from_a_file_leaves_only_its_words(hostile, visit):
    page = visit(hostile.url)
    page.get_by_role("button", name="Sources", exact=True).click()
    page.get_by_role("button", name="Add articles…").click()
    file = {"name": "evil.html", "mimeType": "text/html", "buffer": PAGE.encode()}
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#reads .job").first).to_contain_text("1 added evil.html", timeout=30_000)
    page.locator("#articles .row", has_text="Quiet talks").click()
    expect(page.locator("#reading .about")).to_contain_text("Quiet talks")
    body = page.locator("#reading .body")
    expect(body).to_contain_text("The two governments met in Nara on July 22")
    assert not any(word in body.inner_text() for word in ("alert(", "position:fixed", "Hidden"))
    harmless(page)
