"""Text without capitals: whose names get them, what stays, and what the checker then sees."""

from dataclasses import replace

import pytest
from samples import article

from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.verify import casing
from assistant.verify.casing import with_capitals
from assistant.verify.judge import Judge

PAGE = article(
    "page",
    "Defense Secretary Lloyd Austin met Japanese Defense Minister Yasukazu Hamada in Tokyo on "
    "Thursday. The two ministers talked about joint training in the south of the country. "
    "Austin said that the talks with Hamada were useful. Later he flew to Singapore, where he "
    "will speak at a conference on Saturday.",
)
BARE = replace(PAGE, text=PAGE.text.lower())
CLAIM = "lloyd austin met yasukazu hamada in tokyo on thursday."


def test_text_with_capitals_stays_as_it_is():
    claim = "The talks in Tokyo were useful."
    same, pages = with_capitals(claim, [PAGE])
    assert same is claim
    assert pages[0] is PAGE


def test_names_of_a_page_without_capitals_get_them_and_offsets_stay():
    claim, (page,) = with_capitals(CLAIM, [BARE])
    assert "Lloyd Austin met" in page.text
    assert "in Tokyo on" in page.text
    assert "joint training in the south of the country" in page.text
    assert claim.startswith("Lloyd Austin met Yasukazu Hamada in Tokyo")
    assert page.text.lower() == BARE.text
    assert replace(page, text="") == replace(BARE, text="")


def test_a_claim_without_capitals_gets_those_of_its_page():
    claim, pages = with_capitals("the talks with hamada were useful for austin.", [PAGE])
    assert claim == "the talks with Hamada were useful for Austin."
    assert pages[0] is PAGE


def test_a_claim_that_names_nobody_stays_as_it_is():
    claim = "the ministers talked about joint training."
    assert with_capitals(claim, [PAGE])[0] is claim


def test_a_letter_whose_capital_is_longer_stays_small():
    text = BARE.text + " the ﬁrst talks were held in ßaden."
    claim, (page,) = with_capitals("they were held in ßaden.", [replace(BARE, text=text)])
    assert len(page.text) == len(text)
    assert claim == "they were held in ßaden."


def test_of_a_long_page_only_the_beginning_is_tagged(monkeypatch):
    tagged = []
    monkeypatch.setattr(casing, "_tagged", lambda text: tagged.append(text) or frozenset())
    long = " ".join(f"on day {n} the ministers met again in tokyo." for n in range(5_000))
    with_capitals("they met.", [replace(BARE, text=long)])
    assert len(tagged) <= casing._TAGGED + 1


@pytest.mark.parametrize("page", [PAGE, BARE], ids=["capitals", "none"])
@pytest.mark.parametrize(
    ("claim", "status", "codes"),
    [
        (CLAIM, "supported", set()),
        (CLAIM.replace("tokyo", "singapore"), "contradicted", {"name"}),
        (CLAIM.replace("yasukazu hamada", "fumio kishida"), "partial", {"name"}),
    ],
    ids=["true", "another place", "another person"],
)
def test_a_wrong_name_is_found_without_capitals_too(page, claim, status, codes):
    verdict = Judge(WordLlamaEmbedder()).check_claim(claim, [page])
    assert (verdict.status, {f.code for f in verdict.findings}) == (status, codes)
    assert all(page.text[e.start : e.end] for e in verdict.evidence)
