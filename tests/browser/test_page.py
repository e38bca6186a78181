"""The exported page in a real browser: what it shows, where it links, what it refuses to run."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import digest
from assistant.publish.html import to_html
from assistant.publish.read_issue import read_issue
from assistant.types import Bullet, Citation, Issue, Masthead

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[1] / "data" / "issue-2-14.md"
HOSTILE = "<script>document.title = 'hacked'</script> <img src=x onerror=alert(1)> it said so"
# Text and its background as the reader sees them: the nearest ancestor that paints one.
COLOURS = """element => {
    let painted = element;
    const clear = "rgba(0, 0, 0, 0)";
    while (getComputedStyle(painted).backgroundColor === clear && painted.parentElement)
        painted = painted.parentElement;
    return [getComputedStyle(element).color, getComputedStyle(painted).backgroundColor];
}"""


@pytest.fixture
def visit(chromium):
    """Opens a file; the page then has `requests` and `dialogs`, whatever it tried."""
    contexts = []

    def opened(file: Path, scheme: str = "light"):
        context = chromium.new_context(color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.dialogs = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri(), wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    """The sample issue, imported and exported with the command line."""
    folder = tmp_path_factory.mktemp("export")
    common = ["--home", str(folder / "home"), "--model", "none", "--json"]
    read = CliRunner().invoke(digest, ["import-issue", str(SAMPLE), *common])
    assert read.exit_code == 0, read.output
    issue_id = json.loads(read.stdout)["issues"][0]["id"]
    out = folder / "issue.html"
    how = ["--format", "html", "--out", str(out), "--override", "a test"]
    written = CliRunner().invoke(digest, ["export", issue_id, *how, *common])
    assert written.exit_code == 0, written.output
    return out


@pytest.fixture
def hostile(tmp_path) -> Path:
    """A page made of what an attacker would write into sources, links and the masthead."""
    urls = (
        "javascript:alert(2)",
        "JaVaScRiPt:alert(3)",
        "data:text/html,<script>alert(4)</script>",
        'https://x.example/"onmouseover="alert(5)',
        "vbscript:alert(6)",
    )
    words = [f"link{n}" for n in range(len(urls))]
    text = f"{HOSTILE} {' '.join(words)}"
    links = tuple(
        Citation(text.index(word), text.index(word) + len(word), url, None)
        for word, url in zip(words, urls, strict=True)
    )
    bullet = Bullet("</h3><svg onload=alert(7)>", text, links)
    masthead = Masthead("</title><script>alert(8)</script>", "[x](javascript:alert(9))", HOSTILE)
    file = tmp_path / "hostile.html"
    html = to_html(Issue(2, 14, dt.date(2023, 7, 28), (bullet,), masthead))
    file.write_text(html, encoding="utf-8")
    return file


def test_shows_the_issue(visit, exported):
    page = visit(exported)
    issue = read_issue(SAMPLE.read_text(encoding="utf-8"), SAMPLE.name)
    assert page.title() == "US-Japan Alliance Digest, Vol. 2.14"
    headlines = page.locator("nav.headlines li").all_inner_texts()
    assert headlines == [b.headline for b in issue.bullets]
    assert len(headlines) == 5
    assert page.locator("article p").all_inner_texts() == [b.text for b in issue.bullets]


def test_anchors_lead_where_the_bullets_say(visit, exported):
    page = visit(exported)
    issue = read_issue(SAMPLE.read_text(encoding="utf-8"), SAMPLE.name)
    shown = page.locator("article p a").evaluate_all(
        "links => links.map(a => [a.textContent, a.getAttribute('href')])"
    )
    assert shown == [[b.text[c.start : c.end], c.url] for b in issue.bullets for c in b.citations]


def test_a_headline_leads_to_its_story(visit, exported):
    page = visit(exported)
    page.set_viewport_size({"width": 800, "height": 300})
    assert page.evaluate("scrollY") == 0
    page.locator("nav.headlines a").nth(3).click()
    assert page.url.endswith("#story-4")
    assert page.evaluate("scrollY") > 0


def test_nothing_is_fetched_and_nothing_runs(visit, exported):
    page = visit(exported)
    assert page.requests == [exported.as_uri()]
    assert page.locator("script, link, img, iframe, object, embed").count() == 0


def test_hostile_text_is_only_text(visit, hostile):
    page = visit(hostile)
    for element in page.locator("article p, article a, h1, h3, footer p").all():
        element.hover()
    page.keyboard.press("Tab")
    assert HOSTILE in page.locator("article p").inner_text()
    assert page.title().startswith("</title><script>")
    assert page.locator("script, img, svg, iframe").count() == 0
    handlers = "all => all.flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    assert page.locator("*").evaluate_all(handlers) == []
    assert page.dialogs == []
    assert page.requests == [hostile.as_uri()]


def test_only_web_addresses_become_links(visit, hostile):
    page = visit(hostile)
    protocols = page.locator("a").evaluate_all("links => links.map(a => a.protocol)")
    assert sorted(set(protocols)) == ["file:", "https:"]  # file: is the headline's own #story-1
    assert page.locator("article p a").all_inner_texts() == ["link3"]


@pytest.mark.parametrize("part", ["article p", "article p a", "h2", "h1", ".small", "nav a"])
def test_text_is_readable_in_both_schemes(visit, exported, part):
    seen = {
        scheme: visit(exported, scheme).locator(part).first.evaluate(COLOURS)
        for scheme in ("light", "dark")
    }
    for scheme, (ink, paper) in seen.items():
        assert contrast(ink, paper) >= 4.5, (scheme, ink, paper)  # WCAG 2.2, 1.4.3, level AA
    assert luminance(seen["light"][1]) > 0.8
    assert luminance(seen["dark"][1]) < 0.1


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two CSS colours by WCAG 2.2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of an opaque `rgb(r, g, b)` by WCAG 2.2, from 0 to 1."""
    channels = [int(value) / 255 for value in re.findall(r"\d+", colour)]
    assert len(channels) == 3, colour
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
