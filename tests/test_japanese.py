import datetime as dt

import pytest
from samples import article

from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.verify.verifier import Verifier

PAGE = article(
    "talks",
    "防衛省は13日、航空自衛隊と米宇宙軍が東京都の横田基地で初の宇宙協議を開いたと発表した。"
    "協議には両国から22人の将校が参加し、訓練や教育など6項目を話し合った。"
    "次回の日程は決まっていない。浜田靖一防衛相は記者会見で、年内に2回目の協議を開く計画だと述べた。"
    "政府は令和5年7月14日、約20億円の予算を閣議決定した。",
    "宇宙協議",
    dt.date(2023, 7, 14),
    language="ja",
)


@pytest.fixture(scope="module")
def verifier():
    return Verifier(WordLlamaEmbedder())


@pytest.mark.parametrize(
    "claim",
    [
        "航空自衛隊と米宇宙軍は13日、横田基地で宇宙協議を開いた。",
        "協議には22人の将校が参加した。",
        "政府は2023年7月14日、20億円の予算を決定した。",
        "浜田防衛相は年内に2回目の協議を開く計画だと述べた。",
    ],
)
def test_what_the_page_says_is_supported(verifier, claim):
    verdict = verifier.check_claim(claim, [PAGE])
    assert (verdict.status, verdict.findings) == ("supported", ())


@pytest.mark.parametrize(
    ("claim", "code", "marked", "instead"),
    [
        ("航空自衛隊は12日、横田基地で宇宙協議を開いた。", "date", "12日", "7月13日"),
        ("協議には32人の将校が参加した。", "number", "32", None),
        ("政府は約30億円の予算を閣議決定した。", "number", "30億円", "20億円"),
        ("政府は2023年7月15日、予算を決定した。", "date", "2023年7月15日", "7月14日"),
        ("木原稔防衛相は年内に2回目の協議を開く計画だと述べた。", "name", "木原稔", None),
        ("航空自衛隊は嘉手納基地で宇宙協議を開いた。", "name", "嘉手納", None),
        ("次回の日程は決まった。", "negation", "次回の日程は決まった。", None),
        ("訓練や教育など6項目は話し合わなかった。", "negation", "なかった", None),
        (
            "浜田防衛相は年内に2回目の協議を開いた。",
            "strength",
            "浜田防衛相は年内に2回目の協議を開いた。",
            None,
        ),
    ],
)
def test_what_differs_is_marked(verifier, claim, code, marked, instead):
    verdict = verifier.check_claim(claim, [PAGE])
    assert verdict.status in ("partial", "unsupported", "contradicted")
    found = [(f.code, claim[f.start : f.end], f.replacement) for f in verdict.findings]
    assert (code, marked, instead) in found


def test_a_japanese_page_leaves_an_english_claim_unchecked(verifier):
    claim = "Twenty-two officers took part in the talks on July 13."
    verdict = verifier.check_claim(claim, [PAGE])
    assert (verdict.status, verdict.score) == ("unchecked", None)
    assert [f.code for f in verdict.findings] == ["other-language"]


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("Thirty-two officers took part in the talks.", "number"),
        ("The forces met at Yokota Air Base on July 12.", "date"),
    ],
)
def test_figures_and_days_count_across_languages(verifier, claim, code):
    verdict = verifier.check_claim(claim, [PAGE])
    assert verdict.status != "unchecked"
    assert verdict.score == 0.05
    assert [f.code for f in verdict.findings] == [code]


@pytest.mark.parametrize(("claim", "status"), [("第2回", "unchecked"), ("第3回", "unsupported")])
def test_the_second_time_is_a_figure_across_languages(verifier, claim, status):
    said = "The second round of the talks was held on July 13."
    english = article("en", said, "Talks", PAGE.published_on)
    verdict = verifier.check_claim(f"協議の{claim}は7月13日に開かれた。", [english])
    assert verdict.status == status


def test_a_page_in_the_claims_own_language_decides(verifier):
    english = article("en", "Twenty-two officers took part in the talks.", "Talks")
    claim = "Twenty-two officers took part in the talks."
    assert verifier.check_claim(claim, [PAGE, english]).status == "supported"
