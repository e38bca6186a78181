"""Which page is proposed as the source of a sentence that an editor typed without a link."""

from dataclasses import replace
from datetime import date

import pytest
from fakes import ScriptedModel
from samples import article

from assistant.draft.propose import propose_sources
from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.types import Bullet, Verdict
from assistant.verify.verifier import NEAR, Verifier

CLAIM = "The council of Lund opened a rail line to Oslo."
PRESS, WIRE, OFFICIAL, TEASER = (
    article(
        name,
        f"{CLAIM} It has nine stops.",
        url=f"https://{name}.example/1",
        kind=kind,
        access="teaser" if name == "teaser" else "open",
    )
    for name, kind in (
        ("press", "press"),
        ("wire", "wire"),
        ("official", "official"),
        ("teaser", "official"),
    )
)
NOWHERE = replace(OFFICIAL, id="nowhere", url=None)


@pytest.fixture(scope="module")
def embedder():
    return WordLlamaEmbedder()


class Told(Verifier):
    """A checker that is told how near each page is and what its verdict on it is."""

    def __init__(self, embedder, pages):
        super().__init__(embedder)
        self.pages = {page.id: (near, status) for page, near, status in pages}
        self.checked = []

    def nearness(self, claim, article):
        return self.pages[article.id][0], ()

    def check_claim(self, claim, articles):
        (page,) = articles
        self.checked.append(page.id)
        return Verdict(self.pages[page.id][1], None)


def proposed(embedder, *pages):
    """The id of the proposed page, the verdict, and the pages that were checked."""
    checker = Told(embedder, pages)
    bullet = propose_sources(Bullet("", CLAIM), checker, lambda text: [p for p, *_ in pages])
    (claim,) = bullet.claims
    links = [(c.article_id, CLAIM[c.start : c.end]) for c in bullet.citations]
    assert links in ([], [(c.article_id, "opened") for c in bullet.citations])
    return [name for name, _ in links], claim.verdict.status, checker.checked


def test_a_page_is_proposed_that_supports_the_sentence_or_is_left_open(embedder):
    assert proposed(embedder, (PRESS, 0.9, "supported")) == (["press"], "supported", ["press"])
    assert proposed(embedder, (PRESS, 0.9, "unchecked")) == (["press"], "unchecked", ["press"])


@pytest.mark.parametrize("status", ["partial", "unsupported", "contradicted"])
def test_a_page_that_does_not_support_it_is_not_proposed(embedder, status):
    assert proposed(embedder, (PRESS, 0.9, status)) == ([], status, ["press"])


def test_what_supports_goes_before_what_is_left_open_though_nearer(embedder):
    pages = (OFFICIAL, 0.95, "unchecked"), (PRESS, 0.7, "supported")
    assert proposed(embedder, *pages)[:2] == (["press"], "supported")


def test_a_page_that_is_not_near_is_not_even_checked(embedder):
    assert proposed(embedder, (PRESS, NEAR - 0.01, "supported")) == ([], "unchecked", [])
    assert proposed(embedder, (PRESS, NEAR, "supported"))[0] == ["press"]


@pytest.mark.parametrize(
    ("pages", "best"),
    [
        ([(PRESS, 0.9), (WIRE, 0.9), (OFFICIAL, 0.9)], "official"),
        ([(PRESS, 0.9), (WIRE, 0.85)], "wire"),
        ([(PRESS, 0.9), (OFFICIAL, 0.7)], "press"),
        ([(TEASER, 0.9), (PRESS, 0.9)], "press"),
    ],
    ids=["official first", "wire before press", "clearly nearer", "open before teaser"],
)
@pytest.mark.parametrize("status", ["supported", "unchecked"])
def test_of_pages_that_say_it_equally_well_the_houses_order_decides(embedder, pages, best, status):
    assert proposed(embedder, *((*page, status) for page in pages))[0] == [best]


def test_three_pages_are_checked_at_most_the_nearest_first(embedder):
    pages = [(replace(PRESS, id=str(n)), 0.9 - n / 100, "unsupported") for n in range(5)]
    assert proposed(embedder, *reversed(pages)) == ([], "unsupported", ["0", "1", "2"])


def test_a_page_without_an_address_is_no_source(embedder):
    assert proposed(embedder, (NOWHERE, 0.9, "supported")) == ([], "unchecked", [])


def test_a_model_reads_for_the_meaning(embedder):
    said = CLAIM.replace("line", "link").replace("opened", "opens")
    for answer, links in ((0.99, ["press"]), (0.01, [])):
        checker = Verifier(embedder, ScriptedModel([answer]))
        made = propose_sources(Bullet("", said), checker, lambda text: [PRESS])
        assert [c.article_id for c in made.citations] == links
    alone = propose_sources(Bullet("", said), Verifier(embedder), lambda text: [PRESS])
    assert ([c.article_id for c in alone.citations], alone.claims[0].verdict.status) == (
        ["press"],
        "unchecked",
    )


def test_a_sentence_that_a_check_refutes_gets_no_source(embedder):
    text = f"{CLAIM[:-1]} on July 18."
    page = replace(PRESS, text=text, published_on=date(2023, 7, 21))
    for said, links in ((text, ["press"]), (text.replace("18", "19"), [])):
        made = propose_sources(Bullet("", said), Verifier(embedder), lambda words: [page])
        assert [c.article_id for c in made.citations] == links
        assert made.claims[0].verdict.status == ("supported" if links else "unchecked")


def test_each_sentence_has_its_own_source_and_a_headline_no_link(embedder):
    other = replace(
        WIRE, id="bread", text="Bakers of Brenholm raised their prices.", url="https://b.example/1"
    )
    text = f"{CLAIM} Bakers of Brenholm raised their prices. It rained on Mars."
    bullet = Bullet("Council opens rail line", text)
    made = propose_sources(bullet, Verifier(embedder), lambda words: [PRESS, other])
    links = [(text[c.start : c.end], c.article_id, c.url) for c in made.citations]
    assert links == [("opened", "press", PRESS.url), ("raised", "bread", other.url)]
    assert [c.verdict.status for c in made.claims] == ["supported"] * 3 + ["unchecked"]
    assert replace(made, citations=(), claims=()) == bullet
