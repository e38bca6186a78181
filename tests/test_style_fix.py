import dataclasses
import datetime as dt

import pytest

from assistant.style.check import check_bullet
from assistant.style.fix import apply, apply_substitutions, fix
from assistant.style.view import IssueContext
from assistant.types import Bullet, Citation, Claim, Finding, Verdict

SUPPORTED = Verdict("supported", 0.9)


def finding(start: int, end: int, replacement: str | None, **more: str) -> Finding:
    made = Finding("c", "warning", "m", start, end, replacement)
    return dataclasses.replace(made, **more)  # type: ignore[arg-type]


def linked(text: str, *anchors: str) -> Bullet:
    spans = [(text.index(anchor), text.index(anchor) + len(anchor)) for anchor in anchors]
    return Bullet("H", text, tuple(Citation(a, b, "#", None) for a, b in spans))


def anchors(bullet: Bullet) -> list[str]:
    return [bullet.text[c.start : c.end] for c in bullet.citations]


def test_links_move_along() -> None:
    bullet = linked("On 13 July the U.S. met Japan; U.K. envoys spoke.", "met", "spoke")
    fixed = fix(bullet)
    assert fixed.text == "On July 13 the US met Japan; UK envoys spoke."
    assert anchors(fixed) == ["met", "spoke"]


@pytest.mark.parametrize(
    "anchor, start, end, replacement, expected",
    [
        ("cd", 2, 4, "XYZ", "XYZ"),
        ("cd", 0, 2, "", "cd"),
        ("cd", 4, 6, "XYZ", "cd"),
        ("cd", 1, 5, "XYZ", "XYZ"),
        ("cd", 3, 5, "XYZ", "cXYZ"),
        ("cd", 1, 3, "XYZ", "XYZd"),
        ("abcdef", 2, 4, "", "abef"),
    ],
    ids=["same", "before", "after", "around", "tail", "head", "inside"],
)
def test_an_anchor_keeps_its_words(
    anchor: str, start: int, end: int, replacement: str, expected: str
) -> None:
    fixed = apply(linked("abcdef", anchor), [finding(start, end, replacement)])
    assert anchors(fixed) == [expected]


def test_a_link_is_never_left_without_words() -> None:
    bullet = linked("Mr. Mori met.", "Mr. ")
    assert apply(bullet, [finding(0, 4, "")]) == bullet


def test_of_overlapping_replacements_the_first_is_made() -> None:
    made = apply(Bullet("", "abcdef"), [finding(3, 5, "Y"), finding(1, 4, "X"), finding(5, 6, "Z")])
    assert made.text == "aXeZ"


def test_headline_and_text_have_their_own_offsets() -> None:
    bullet = Bullet("U.S. acts", "Today the U.S. acted.", (Citation(15, 20, "#", None),))
    wanted = [finding(0, 4, "US", field="headline"), finding(10, 14, "US")]
    fixed = apply(bullet, wanted)
    assert (fixed.headline, fixed.text) == ("US acts", "Today the US acted.")
    assert anchors(fixed) == ["acted"]


def test_findings_without_a_replacement_change_nothing() -> None:
    bullet = Bullet("H", "Text.")
    assert apply(bullet, [finding(0, 4, None)]) == bullet


def test_only_a_claim_whose_words_change_becomes_stale() -> None:
    text = "The U.S. left. Japan stayed."
    first = Claim("text", text[:14], 0, 14, SUPPORTED)
    second = Claim("text", text[15:], 15, len(text), SUPPORTED)
    headline = Claim("headline", "U.S. leaves", 0, 11, SUPPORTED)
    bullet = Bullet("U.S. leaves", text, claims=(first, second, headline))
    fixed = apply(bullet, [finding(4, 8, "US")])
    assert [(c.text, c.stale) for c in fixed.claims] == [
        ("The US left.", True),
        ("Japan stayed.", False),
        ("U.S. leaves", False),
    ]
    assert fixed.text[fixed.claims[1].start : fixed.claims[1].end] == "Japan stayed."


def test_the_bullets_own_findings_move_and_those_mended_go() -> None:
    mended, kept = finding(4, 8, "US"), finding(9, 13, None)
    bullet = dataclasses.replace(Bullet("", "The U.S. left."), findings=(mended, kept))
    fixed = apply(bullet, [mended])
    assert fixed.findings == (finding(7, 11, None),)
    assert fixed.text[7:11] == "left"


def test_fixing_twice_is_fixing_once() -> None:
    text = (
        "On July 13th, 2023, Deputy Secretary of State Sherman of the U.S. spent two billion "
        "dollars, or 5%, on twelve ships of the DPRK. Additionally, Mr. Mori went 5 km."
    )
    context = IssueContext(date=dt.date(2023, 7, 28))
    once = fix(Bullet("U.S. pays.", text), context)
    assert once.headline == "US pays"
    assert once.text == (
        "On July 13, Dep. Sec. of State Sherman of the US spent $2 billion, or 5 percent, on "
        "12 ships of North Korea. In addition, Mori went 5 kilometers."
    )
    assert fix(once, context) == once
    assert [f for f in check_bullet(once, context) if f.replacement is not None] == []


@pytest.mark.parametrize(
    "text, expected",
    [
        ("U.S.-Japan ties in the U.S. They grew.", "US-Japan ties in the US. They grew."),
        ("They met in the U.S.", "They met in the US."),
        ("Brigadier General Mastalir spoke.", "Brig. Gen. Mastalir spoke."),
        ("Lt Gen Garrant met Maj Gen Sakanishi.", "Lt. Gen. Garrant met Maj. Gen. Sakanishi."),
        ("Director General Funakoshi spoke.", "Director General Funakoshi spoke."),
        ("worth two billion dollars", "worth $2 billion"),
        ("a 2-billion-dollar plan", "a $2 billion plan"),
        ("five trillion yen", "¥5 trillion"),
        ("on the 23rd of July", "on July 23"),
        ("on Jul. 23rd", "on July 23"),
        ('He said, "The U.S. has 5%."', 'He said, "The U.S. has 5%."'),
        ('"The U.S. acts," he said of the U.S. plan.', '"The U.S. acts," he said of the US plan.'),
        ("the U.S. – and no one else", "the US – and no one else"),
        ("", ""),
        ("米国 and the U.S. 🛰", "米国 and the US 🛰"),
    ],
)
def test_house_form_of_a_text(text: str, expected: str) -> None:
    assert apply_substitutions(text) == expected
    assert apply_substitutions(expected) == expected
