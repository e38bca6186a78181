"""The rank or office before a name, against those that the page gives that person."""

import pytest

from assistant.verify.titles import wrong_titles

PAGE = (
    "The talks took place at Port Holm, with Lt. Gen. Ida Berg hosting. Gen. Olaf Lund, chief of "
    "the staff, and Vice Adm. Per Dahl attended. Maj. Gen. Ada Frost led a wing. Deputy Defense "
    "Minister Nils Wade spoke with Foreign Minister Tora Moe. President Ana Ruiz thanked the "
    "former minister. Moe left for Lisbon with two aides, Iversen and Oby. Deputy National "
    "Security Adviser Kim Aske and National Security Adviser Joe Hill spoke. Deputy Mayor Eva "
    "Strand met Governor Jon Vik. Ole Rask, deputy assistant secretary of defense, and Una J. "
    "Falk, the acting under secretary for trade, wrote."
)


@pytest.mark.parametrize(
    ("claim", "shown", "instead"),
    [
        ("Gen. Berg opened the talks.", "Gen.", "Lt. Gen."),
        ("Lt. Gen. Lund came to Port Holm.", "Lt. Gen.", "Gen."),
        ("They were opened by Brig. Gen. Ida Berg.", "Brig. Gen.", "Lt. Gen."),
        ("Col. Lund was there.", "Col.", "Gen."),
        ("Adm. Dahl was there.", "Adm.", "Vice Adm."),
        ("Rear Adm. Per Dahl was there.", "Rear Adm.", "Vice Adm."),
        ("Gen. Dahl was there.", "Gen.", "Vice Adm."),
        ("Lieutenant General Ada Frost led a wing.", "Lieutenant General", "Maj. Gen."),
        ("Defense Minister Wade spoke.", "Defense Minister", "Deputy Defense Minister"),
        ("Dep. FM Moe spoke.", "Dep. FM", "Foreign Minister"),
        ("Defense Minister Moe spoke.", "Defense Minister", "Foreign Minister"),
        ("PM Moe spoke.", "PM", "Foreign Minister"),
        ("Former President Ruiz spoke.", "Former President", "President"),
        ("Acting President Ruiz spoke.", "Acting President", "President"),
        ("Vice President Ruiz spoke.", "Vice President", "President"),
        ("Adviser Aske spoke.", "Adviser", "Deputy National Security Adviser"),
        ("Mayor Strand spoke.", "Mayor", "Deputy Mayor"),
        ("Lt. Gov. Vik spoke.", "Lt. Gov.", "Governor"),
        ("Assistant Secretary Rask wrote.", "Assistant Secretary", "deputy assistant secretary"),
        (
            "Ole Rask, the assistant secretary, wrote.",
            "assistant secretary",
            "deputy assistant secretary",
        ),
        ("Deputy Secretary Una Falk wrote.", "Deputy Secretary", "acting under secretary"),
        ("Jon Vik, lieutenant governor of Lund, spoke.", "lieutenant governor", "Governor"),
    ],
)
def test_another_title_than_the_pages_is_an_error_with_the_pages_own(claim, shown, instead):
    (found,) = wrong_titles(claim, PAGE)
    assert (found.code, found.level) == ("title", "error")
    assert (claim[found.start : found.end], found.replacement) == (shown, instead)
    assert instead in found.message


@pytest.mark.parametrize(
    "claim",
    [
        "Lt. Gen. Berg and Gen. Lund met Vice Adm. P. Dahl.",
        "Lt. Gen. Berg, commander of the port, and Vice Adm. Dahl, the captain of a yacht, met.",
        "Rask, the deputy assistant secretary, wrote.",
        "Maj. Gen. Frost, director general of the wing's staff, came.",
        "Lieutenant General Ida Berg hosted General Lund.",
        "Major General Frost led a wing.",
        "Dep. Defense Minister Wade spoke with FM Moe.",
        "Dep. Defence Minister Wade spoke.",
        "Minister Moe spoke, and Moe's aides listened.",
        "Foreign Minister Tora Moe's aides listened.",
        "Dep. Adviser Aske and Adviser Hill spoke.",
        "Dep. Mayor Strand met Gov. Vik.",
        "Gen. Iversen and Deputy Minister Oby left.",  # the page gives them no title
        "Governor Ruiz spoke.",  # one may hold two offices
        "She met the minister. Berg hosted.",
        "A major Danish firm wrote to the deputy minister.",
        "Deputy President Bruno Ruiz spoke.",  # another Ruiz
        "",
    ],
)
def test_the_same_title_in_any_form_is_not_faulted(claim):
    assert wrong_titles(claim, PAGE) == []


def test_one_of_several_titles_that_a_page_gives_is_enough():
    page = f"{PAGE} As deputy minister, Moe wrote a paper. Deputy Foreign Minister Moe was young."
    assert wrong_titles("Dep. FM Moe wrote a paper.", page) == []
    assert wrong_titles("FM Moe wrote a paper.", page) == []


def test_each_person_has_a_title_of_their_own():
    claim = "Gen. Berg and Gen. Lund met Adm. Dahl."
    wrong = [claim[f.start : f.end] for f in wrong_titles(claim, PAGE)]
    assert wrong == ["Gen.", "Adm."]
    assert wrong_titles(claim, PAGE)[0].start == 0
