"""Names of a claim that its pages do not have."""

import pytest

from assistant.verify.names import unnamed


def found(claim, page):
    return [(f.code, claim[f.start : f.end]) for f in unnamed(claim, page)]


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("Ida Holm opened the bridge.", "The bridge was opened by Mayor Ida Holm."),
        ("Holm's plan passed.", "The plan of Holm passed."),
        ("Danish bakers left.", "Bakers left Denmark."),
        ("Lisbon raised the tax.", "The Portuguese government raised the tax."),
        ("Seoul met Pyongyang.", "The Republic of Korea met the DPRK."),
        ("Americans cheered.", "The crowd in the U.S. cheered."),
        ("SecDef Lowe opened the yard.", "Secretary of Defense Ann Lowe opened the yard."),
        ("SecDef Lowe opened the yard.", "Ann Lowe, the defense secretary, opened the yard."),
        ("SecDef Lowe opened the yard.", "The secretary, Ann Lowe, opened the yard."),
        ("PM Holm opened the yard.", "Premier Ida Holm opened the yard."),
        ("Gov. Holm opened the yard.", "Ida Holm, the governor, opened the yard."),
        ("The Pentagon said so.", "The Department of Defense said so."),
        ("The trade ministry said so.", "The Ministry of Economy, Trade and Industry said so."),
        ("The Foreign Ministry said so.", "The Ministry of Foreign Affairs said so."),
        ("The LNG port opened.", "The port for liquefied natural gas opened."),
        ("The HSB met.", "The board for the safety of the harbor, or Harbor Safety Board, met."),
        ("The Harbor Safety Board (HSB) met.", "The board for safety of the harbor met."),
        ("The Brenholmian mayor spoke.", "The mayor of Brenholm spoke."),
        ("Last Tuesday, Ms. Holm left in March.", "Holm left."),
        ("Ministers met. Bridges were opened.", "There was talk and a ribbon."),
        ("Seventy boats sailed. However, none came.", "The boats sailed."),
    ],
)
def test_a_name_that_the_page_has_in_some_form(claim, page):
    assert found(claim, page) == []


@pytest.mark.parametrize(
    ("claim", "page", "shown"),
    [
        ("Olaf Holm opened the bridge.", "Mayor Ida Holm opened the bridge.", "Olaf"),
        ("The bridge was opened by Lund.", "The bridge was opened by Holm.", "Lund"),
        ("Danish bakers left.", "Bakers left Norway.", "Danish"),
        ("Lisbon raised the tax.", "The Spanish government raised the tax.", "Lisbon"),
        ("The Pentagon said so.", "The Department of Energy said so.", "Pentagon"),
        ("The US told him.", "He told us of it.", "US"),
        ("It met the Republic of Korea.", "It met the DPRK.", "Republic of Korea"),
        ("It met Seoul.", "It met the Democratic People's Republic of Korea.", "Seoul"),
        ("It met Taiwan.", "It met the People’s Republic of China.", "Taiwan"),
        ("SecDef Lowe opened the yard.", "Ann Lowe, a baker, opened the yard.", "SecDef"),
        ("The LNG port opened.", "The port for natural gas opened.", "LNG"),
        ("The Harbor Safety Board (HQB) met.", "The Harbor Safety Board met.", "HQB"),
        ("NATO held the drill.", "The drill was held.", "NATO"),
        ("The Brenholmian mayor spoke.", "The mayor of Lund spoke.", "Brenholmian"),
    ],
)
def test_a_name_that_it_does_not_have(claim, page, shown):
    assert found(claim, page) == [("name", shown)]


@pytest.mark.parametrize(
    ("claim", "shown"),
    [("It was Governor Holm.", "Governor"), ("It was Lt. Holm.", "Lt")],
)
def test_a_title_that_the_page_does_not_give_is_called_so(claim, shown):
    (finding,) = unnamed(claim, "It was Ida Holm, the mayor.")
    assert (finding.code, claim[finding.start : finding.end]) == ("title", shown)
    assert shown in finding.message


def test_findings_stand_in_the_order_of_the_claim():
    claim = "Then Olaf Lund flew from Oslo to Brenholm with the QXB."
    page = "Then somebody flew there."
    assert [shown for _, shown in found(claim, page)] == ["Olaf", "Lund", "Oslo", "Brenholm", "QXB"]
    assert {f.level for f in unnamed(claim, page)} == {"error"}
