import pytest

from assistant.verify.ranks import check_ranks

PAGE = (
    "The talks took place at Yokota, with Lt. Gen. Philip Garrant hosting. Gen. Yoshihide Yoshida, "
    "chief of the Joint Staff, and Vice Adm. Akira Saito attended. Maj. Gen. Ada Frost led a wing. "
    "Deputy Defense Minister Kenji Wada spoke with Foreign Minister Takeo Mori. President Ana Ruiz "
    "thanked the former minister. Mori left for Seoul with two aides, Ito and Ono. Deputy National "
    "Security Adviser Kim Tae-hyo and National Security Adviser Joe Hill spoke."
)


@pytest.mark.parametrize(
    ("claim", "shown", "instead"),
    [
        ("Gen. Garrant opened the talks.", "Gen.", "Lt. Gen."),
        ("Lt. Gen. Yoshida came to Yokota.", "Lt. Gen.", "Gen."),
        ("It was opened by Brig. Gen. Philip Garrant.", "Brig. Gen.", "Lt. Gen."),
        ("Adm. Saito was there.", "Adm.", "Vice Adm."),
        ("Gen. Saito was there.", "Gen.", "Vice Adm."),
        ("Lieutenant General Ada Frost led a wing.", "Lieutenant General", "Maj. Gen."),
        ("Defense Minister Wada spoke.", "Defense Minister", "Deputy Defense Minister"),
        ("Dep. FM Mori spoke.", "Dep. FM", "Foreign Minister"),
        ("Defense Minister Mori spoke.", "Defense Minister", "Foreign Minister"),
        ("Former President Ruiz spoke.", "Former President", "President"),
        ("Adviser Kim spoke.", "Adviser", "Deputy National Security Adviser"),
        ("Dep. Adviser Hill spoke.", "Dep. Adviser", "Adviser"),
    ],
)
def test_another_rank_than_the_pages_is_an_error_with_the_pages_own(claim, shown, instead):
    (found,) = check_ranks(claim, PAGE)
    assert (found.code, found.level) == ("title", "error")
    assert (claim[found.start : found.end], found.replacement) == (shown, instead)


@pytest.mark.parametrize(
    "claim",
    [
        "Lt. Gen. Garrant and Gen. Yoshida met Vice Adm. A. Saito.",
        "Lieutenant General Philip Garrant hosted General Yoshida.",
        "Major General Frost led a wing.",
        "Dep. Defense Minister Wada spoke with FM Mori.",
        "Minister Mori spoke, and Mori's aides listened.",
        "Dep. Adviser Kim and Adviser Hill spoke.",
        "Gen. Ito and Deputy Minister Ono left.",  # the page gives them no title
        "She met the minister. Garrant hosted.",
        "A major Japanese firm wrote to the deputy minister.",
        "Deputy President Bruno Ruiz spoke.",  # another Ruiz
        "",
    ],
)
def test_the_same_rank_in_any_form_is_not_faulted(claim):
    assert check_ranks(claim, PAGE) == []


def test_one_of_several_titles_that_a_page_gives_is_enough():
    page = f"{PAGE} As deputy minister, Mori wrote a paper. Deputy Foreign Minister Mori was young."
    assert check_ranks("Dep. FM Mori wrote a paper.", page) == []
    assert check_ranks("FM Mori wrote a paper.", page) == []
