import random
import re
from pathlib import Path

import pytest
import yaml

from assistant import resources
from evals.corrupt import KINDS, PARAPHRASES, Changed, corrupt, paraphrase
from evals.corrupt.edits import Claim, Edit, apply_edit, past, third_person, words
from evals.corrupt.figures import find_figures
from evals.corrupt.opposites import OPPOSITE

# Enough draws to meet every edit of every template of a short claim.
DRAWS = 120

CORPUS = [
    "Brig. Gen. Anthony Mastalir hosted Maj. Gen. Sakanishi at Yokota Air Base on July 13.",
    "Lt. Gen. Philip Garrant led the US delegation at Kadena Air Base in 2023.",
    "About 3,000 personnel from seven nations took part, and 70 aircraft flew.",
    "South Korea's Foreign Ministry said on July 28, 2023 that 24 Ospreys would stay in Okinawa.",
    "The US Navy and the Maritime Self-Defense Force will train in the East China Sea in 2023.",
    "The Cabinet approved the defense paper on July 28.",
]


def draws(kind, claim, others=(), count=DRAWS):
    made = [
        (corrupt(kind, claim, others, random.Random(seed)))
        if kind in KINDS
        else paraphrase(kind, claim, random.Random(seed))
        for seed in range(count)
    ]
    return {changed.text for changed in made if changed is not None}


@pytest.fixture(scope="module")
def sentences():
    """Sentences of the sample corpus, as they stand in its Markdown and text files."""
    found = []
    whole = re.compile(r"[A-Z].{30,300}\.")
    for path in sorted((resources.sample_corpus() / "articles").glob("*.*")):
        if path.suffix in (".md", ".txt") and not path.stem.endswith("-ja"):
            body = path.read_text(encoding="utf-8").split("\n---\n")[-1]
            found += [s for s in re.split(r"(?<=[a-z]\.)\s+", body) if whole.fullmatch(s)]
    return [*random.Random(7).sample(found, 60), *CORPUS]


EXAMPLES = [
    ("number", "Some 23 items are on the list.", "Some 46 items are on the list."),
    ("number", "The ministry named 23 items.", "The ministry named 32 items."),
    ("number", "The ministry named 23 items.", "The ministry named 24 items."),
    ("number", "It was the 10th drill.", "It was the 9th drill."),
    ("number", "It was the third drill.", "It was the fourth drill."),
    ("number", "Seven nations took part.", "Eight nations took part."),
    ("date", "They met on July 13.", "They met on July 14."),
    ("date", "They met on July 13.", "They met on June 13."),
    ("date", "It ran from July 5 to 21.", "It ran from July 6 to 22."),
    ("date", "The deal was signed in May 2012.", "The deal was signed in May 2013."),
    ("weekday", "They met on Tuesday.", "They met on Wednesday."),
    ("weekday", "They met on Tuesday.", "They met over the weekend."),
    ("weekday", "They met on July 18, 2023.", "They met on Monday, July 18, 2023."),
    ("money", "It raised $500 million.", "It raised $500 billion."),
    ("money", "It raised $500 million.", "It raised 500 million yen."),
    ("money", "It raised $500 million.", "It raised $700 million."),
    ("money", "Tokyo will spend 43 trillion yen.", "Tokyo will spend $43 trillion."),
    ("unit", "Ospreys fly at 150 meters.", "Ospreys fly at 150 feet."),
    ("unit", "A swap takes about five minutes.", "A swap takes about five hours."),
    ("unit", "He ended a three-day tour.", "He ended a three-week tour."),
    ("unit", "Shares rose 0.6 percent.", "Shares rose 0.6 percentage points."),
    ("name", "Brig. Gen. Mastalir spoke.", "Brig. Gen. Collins spoke."),
    ("name", "Prime Minister Kishida spoke.", "Prime Minister Tanaka spoke."),
    ("rank", "Lt. Gen. Garrant spoke.", "Maj. Gen. Garrant spoke."),
    ("rank", "Lt. Gen. Garrant spoke.", "Gen. Garrant spoke."),
    ("rank", "Adm. Aquilino spoke.", "Vice Adm. Aquilino spoke."),
    ("title", "Foreign Minister Hayashi left.", "Defense Minister Hayashi left."),
    ("title", "Foreign Minister Hayashi left.", "Vice Foreign Minister Hayashi left."),
    ("title", "Vice FM Mori left.", "FM Mori left."),
    ("title", "Secretary of State Blinken left.", "Secretary of Defense Blinken left."),
    ("organisation", "The US Navy took part.", "The US Army took part."),
    ("organisation", "The State Department objected.", "The Commerce Department objected."),
    ("organisation", "Itochu set up the fund.", "Marubeni set up the fund."),
    ("place", "They met in Jakarta.", "They met in Manila."),
    ("place", "They met at Yokota Air Base.", "They met at Misawa Air Base."),
    ("place", "It fell into the Sea of Japan.", "It fell into the East China Sea."),
    ("place", "Beijing objected to the list.", "Moscow objected to the list."),
    ("role-swap", "Japan told China to wait.", "China told Japan to wait."),
    ("role-swap", "Mastalir hosted Sakanishi on July 13.", "Sakanishi hosted Mastalir on July 13."),
    ("role-swap", "Gen. Milley met Adm. Kim.", "Gen. Kim met Adm. Milley."),
    ("role-swap", "Kishida was invited by Biden.", "Biden was invited by Kishida."),
    ("role-swap", "It was Russia's invasion of Ukraine.", "It was Ukraine's invasion of Russia."),
    ("role-swap", "Tokyo agreed after Washington asked.", "Washington agreed after Tokyo asked."),
    ("negation", "The rules will apply in August.", "The rules will not apply in August."),
    ("negation", "The navies held a drill.", "The navies did not hold a drill."),
    ("negation", "The ministry did not disclose the routes.", "The ministry disclosed the routes."),
    ("negation", "No missile was fired.", "A missile was fired."),
    ("negation", "The plan is final.", "The plan is not final."),
    ("strength", "Japan plans to buy 400 missiles.", "Japan bought 400 missiles."),
    ("strength", "The exercise is scheduled to end in July.", "The exercise ended in July."),
    ("strength", "Japan will buy missiles.", "Japan may buy missiles."),
    ("strength", "The missiles will be deployed.", "The missiles were deployed."),
    ("strength", "The two ministers discussed the plan.", "The two ministers agreed on the plan."),
    ("strength", "Kishida opened the talks.", "Kishida planned to open the talks."),
    ("attribution", "Tokyo said that the list is final.", "Tokyo denied that the list is final."),
    ("attribution", "Itochu said it had closed.", "The White House said it had closed."),
    ("attribution", "The fund has closed.", "The fund has closed, the White House said."),
    ("attribution", "It fell, according to Seoul.", "It fell, according to the White House."),
    ("attribution", "Seoul estimates that it fell.", "Seoul confirms that it fell."),
    ("scope", "Japan grounded some of its Ospreys.", "Japan grounded all of its Ospreys."),
    ("scope", "About 3,000 people took part.", "All 3,000 people took part."),
    ("scope", "The navies held a drill.", "The navies held the largest drill."),
    ("scope", "The navies held a drill.", "The navies held a drill for the first time."),
    ("scope", "Nearly 3,000 people came.", "More than 3,000 people came."),
    ("opposite", "Japan strengthened its defenses.", "Japan weakened its defenses."),
    ("cause", "The rules changed because of the crash.", "The rules changed despite the crash."),
    ("cause", "Prices rose after the launch.", "Prices rose before the launch."),
    ("cause", "The rules changed.", "The rules changed because of a dispute over costs."),
    ("number-words", "The list has 23 items.", "The list has twenty-three items."),
    ("number-words", "All seven nations came.", "All 7 nations came."),
    ("number-words", "Some 3,000 people came.", "Some three thousand people came."),
    ("country-form", "They met in the United States.", "They met in the US."),
    ("country-form", "The US Navy came.", "The U.S. Navy came."),
    ("country-form", "They met South Korea there.", "They met the Republic of Korea there."),
    ("office-order", "Defense Minister Oda spoke.", "Minister of Defense Oda spoke."),
    ("office-order", "The Ministry of Foreign Affairs spoke.", "The Foreign Ministry spoke."),
    ("office-order", "A Foreign Ministry note.", "A Ministry of Foreign Affairs note."),
    ("passive", "Japan approved a paper in May.", "A paper was approved by Japan in May."),
    ("passive", "It is a plan that Japan approved.", "It is a plan that was approved by Japan."),
    ("conversion", "Ospreys fly at 150 meters.", "Ospreys fly at 492 feet."),
    ("conversion", "It fell 250 km west of Japan.", "It fell 250 km (155 miles) west of Japan."),
    ("conversion", "It rose more than 6,000 km.", "It rose more than 3,700 miles."),
    ("synonym", "The two met with Kishida.", "The two held talks with Kishida."),
    ("synonym", "Seven nations took part in it.", "Seven nations participated in it."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "claim", "wanted"), EXAMPLES)
def test_an_example_is_among_the_changes(kind, claim, wanted):
    assert wanted in draws(kind, claim, CORPUS)


def test_every_kind_has_an_example_but_the_one_that_changes_nothing():
    assert {kind for kind, _, _ in EXAMPLES} == {*KINDS, *PARAPHRASES} - {"wrong-source"}


NOTHING = [
    ("number", "They met in Tokyo on July 13, 2023."),
    ("number", "Japan fired the Type 12 missile."),
    ("number", "It launched at 10 a.m. on July 12."),
    ("number", "The fund raised $500 million."),
    ("weekday", "They met in July."),
    ("unit", "Oda is a 17-year-old player."),
    ("name", "The ministry approved the plan."),
    ("rank", "Fuyo General Lease joined the fund."),
    ("rank", "Secretary General Stoltenberg spoke."),
    ("title", "The missile fell into the sea."),
    ("organisation", "They trained at Andersen Air Force Base."),
    ("place", "Tokyo Electron makes machines."),
    ("place", "The US-Japan alliance is strong."),
    ("place", "The Bank of Japan sat on it."),
    ("role-swap", "Blinken met Hayashi."),
    ("role-swap", "The navies held a drill."),
    ("role-swap", "Lt. Gen. Garrant met Lt. Gen. Burns."),
    ("role-swap", "Presidents and Sen. Smith and Sen. Jones came."),
    ("negation", "Neither system has been fired."),
    ("strength", "The sea is deep."),
    ("scope", "It is not a plan."),
    ("opposite", "They met in the Northern Territory."),
    ("cause", "Entry into force in 2024"),
    ("number-words", "They met on July 13."),
    ("country-form", "They met in Jakarta."),
    ("office-order", "Secretary of State Blinken spoke."),
    ("passive", "It shared the data on them."),
    ("conversion", "Ospreys fly at 200 feet (about 61 meters)."),
    ("synonym", "Members of the United Nations objected."),
]


@pytest.mark.parametrize(("kind", "claim"), NOTHING)
def test_a_claim_that_does_not_allow_the_kind_is_left_alone(kind, claim):
    assert draws(kind, claim) == set()


def test_more_than_is_only_raised_and_up_to_only_lowered():
    assert all(
        int(re.search(r"\d+", t)[0]) > 30 for t in draws("number", "More than 30 ships came.")
    )
    assert all(
        int(re.search(r"\d+", t)[0]) < 400 for t in draws("number", "It bought up to 400 missiles.")
    )


def test_a_rough_figure_is_not_moved_by_one():
    values = {int(re.search(r"\d+", t)[0]) for t in draws("number", "About 70 aircraft flew.")}
    assert values and all(abs(v - 70) >= 14 for v in values)


def test_july_18_of_2023_gets_any_weekday_but_tuesday():
    made = draws("weekday", "They met on July 18, 2023.")
    assert len(made) == 6
    assert not any("Tuesday" in text for text in made)


def test_without_a_year_the_weekday_is_wrong_in_the_years_that_the_corpus_is_about():
    """July 18 was a Monday, a Tuesday and a Thursday in 2022 to 2024."""
    made = draws("weekday", "They met on July 18.", CORPUS)
    assert made and not any(re.search("Monday|Tuesday|Thursday", text) for text in made)
    assert draws("weekday", "They met on July 18.") == set()


def test_a_name_is_borrowed_from_the_holder_of_the_same_title():
    others = ["Foreign Minister Yoko Kamikawa spoke in New York."]
    made = draws("name", "Foreign Minister Yoshimasa Hayashi left.", others)
    assert "Foreign Minister Yoko Kamikawa left." in made


def test_a_figure_is_borrowed_from_a_claim_about_the_same_thing():
    made = draws("number", "In all 70 aircraft flew.", ["They sent 55 aircraft and 61 trucks."])
    assert "In all 55 aircraft flew." in made
    assert "In all 61 aircraft flew." not in made


def test_a_capital_is_not_exchanged_for_its_own_country():
    assert draws("role-swap", "Germany has sent troops, Berlin said.") == set()


def test_another_true_claim_is_never_made():
    others = ["They met in Manila.", "They met in Bangkok.", "They met in Hanoi."]
    assert draws("place", "They met in Jakarta.", others) == set()


def test_the_article_follows_the_new_word():
    assert apply_edit("He is a general.", Edit(8, 15, "admiral")) == ("He is an admiral.", 6, 16)
    assert apply_edit("It is an ASEAN plan.", Edit(9, 14, "NATO"))[0] == "It is a NATO plan."
    assert apply_edit("It is a NATO ship.", Edit(8, 12, "MSDF"))[0] == "It is an MSDF ship."
    assert (
        apply_edit("It is a two-day visit.", Edit(8, 11, "eight"))[0] == "It is an eight-day visit."
    )


def test_an_abbreviation_shares_the_full_stop():
    assert "They met in the U.S." in draws("country-form", "They met in the United States.")


def test_words_in_quotation_marks_are_not_turned():
    assert draws("negation", 'He said: "The plan will work."') == {
        'He did not say: "The plan will work."'
    }


def test_wrong_source_leaves_the_text_to_be_held_against_another_article():
    claim = CORPUS[0]
    changed = corrupt("wrong-source", claim, CORPUS, random.Random(1))
    assert changed == Changed("wrong-source", claim, 0, len(claim))


@pytest.mark.parametrize(
    "claim", ["", ".", "Total | 23", "令和5年7月23日に施行された。", "“", "(1)"]
)
def test_what_is_no_sentence_is_no_trouble(claim):
    for kind in (*KINDS, *PARAPHRASES):
        assert all(isinstance(text, str) for text in draws(kind, claim, CORPUS, 3))


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        corrupt("mood", CORPUS[0], CORPUS, random.Random(1))


@pytest.mark.parametrize("kind", [*KINDS, *PARAPHRASES])
def test_only_the_words_of_the_span_differ(kind, sentences):
    made = 0
    for claim in sentences:
        changed = _change(kind, claim, sentences)
        if changed is None:
            continue
        made += 1
        assert changed.kind == kind
        assert claim.startswith(changed.text[: changed.start])
        assert claim.endswith(changed.text[changed.end :])
        assert changed.text[changed.start : changed.end].strip()
        assert kind == "wrong-source" or changed.text.casefold() != claim.casefold()
        assert "  " not in changed.text or "  " in claim
        assert changed.text[0] == changed.text[0].upper()
        assert changed == _change(kind, claim, sentences)
    assert made


def _change(kind, claim, others):
    chance = random.Random(11)
    if kind in KINDS:
        return corrupt(kind, claim, others, chance)
    return paraphrase(kind, claim, chance)


@pytest.mark.parametrize("kind", ["number", "date", "negation", "strength", "cause"])
def test_one_claim_is_made_wrong_in_several_ways(kind, sentences):
    ways = [draws(kind, claim, sentences, 12) for claim in sentences[:30]]
    allowed = [w for w in ways if w]
    assert sum(map(len, allowed)) > 1.2 * len(allowed) > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23 items and 42 countries", [23, 42]),
        ("two-day talks on a 10-year bond", [10, 2]),
        ("6,648.4 km at 9:59 a.m.", [6648.4]),
        ("MV-22s, Type 12, No. 4 and the 374th Wing", []),
        ("in fiscal 2026, up 2%", [2]),
        ("twenty-one ships", [21]),
    ],
)
def test_find_figures(text, expected):
    assert [f.value for f in find_figures(text)] == expected


@pytest.mark.parametrize(
    ("lemma", "expected"),
    [("take", "took"), ("carry", "carried"), ("impose", "imposed"), ("plan", "planned")],
)
def test_past(lemma, expected):
    assert past(lemma) == expected


@pytest.mark.parametrize(("lemma", "expected"), [("carry", "carries"), ("launch", "launches")])
def test_third_person(lemma, expected):
    assert third_person(lemma) == expected


def test_no_word_list_names_a_thing_twice_or_as_its_own_opposite():
    path = Path(resources.eval_data() / "corruptions.yaml")
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert lists == words()
    for name, entries in lists.items():
        if isinstance(entries, dict):
            assert all(str(old) != str(new) for old, new in entries.items() if name != "states")


def test_a_claim_knows_its_quotations():
    claim = Claim('The "first" of Japan\'s “new” plans')
    assert [claim.text[a:b] for a, b in claim.quoted] == ['"first"', "“new”"]


def opposites(text):
    claim = Claim(text)
    return {apply_edit(text, edit)[0] for template in OPPOSITE for edit in template(claim)}


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        ("Japan strengthened its defenses.", "Japan weakened its defenses."),
        ("The company is closing a plant.", "The company is opening a plant."),
        ("Talks begin on Monday.", "Talks end on Monday."),
        ("The ministry has bought two ships.", "The ministry has sold two ships."),
        ("The bill was approved in May.", "The bill was rejected in May."),
        ("The yen has risen 2 percent.", "The yen has fallen 2 percent."),
        ("The two sides agreed to meet.", "The two sides refused to meet."),
        ("Canberra joined the pact in 2021.", "Canberra left the pact in 2021."),
        ("Kishida arrived in Delhi.", "Kishida departed from Delhi."),
        ("An eastern island was hit.", "A western island was hit."),
        ("Seoul wants stronger rules.", "Seoul wants weaker rules."),
        ("Exports to China rose in May.", "Exports to China fell in May."),
        ("Allies took part in the drill.", "Adversaries took part in the drill."),
        ("It fired two short-range missiles.", "It fired two long-range missiles."),
        ("They voiced support for the plan.", "They voiced opposition to the plan."),
    ],
)
def test_an_opposite_has_the_form_of_the_word_it_replaces(claim, wanted):
    assert wanted in opposites(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "They met in the Northern Territory.",
        "Northern Territory officials came.",
        "North Korea fired a missile.",
        "The late Prime Minister Abe coined it.",
        "Troops opened fire on the crowd.",
        "It raised $500 million from investors.",
        "The plane left Tokyo for Seoul.",
        'He said "we strengthened our ties" there.',
        "The ministry did not raise the tax.",
        "No tax was raised.",
        "It is unclear whether the Cabinet accepted the plan.",
        "The sea is deep.",
    ],
)
def test_a_claim_without_a_clear_opposite_is_left_alone(claim):
    assert opposites(claim) == set()


def test_an_opposite_that_the_claim_names_too_is_not_made():
    assert opposites("Exports and imports rose.") == {"Exports and imports fell."}
