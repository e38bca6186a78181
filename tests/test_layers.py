import datetime as dt

import pytest
from samples import article

from assistant.sources import usable_sentences
from assistant.verify.layers import compare, is_verbatim
from assistant.verify.offices import field_first

FRIDAY = dt.date(2023, 7, 21)
PAGE = article(
    "a",
    "The drill ran from July 5 to 21 in Guam and Japan. About 3,000 personnel took part, and 70 "
    "aircraft flew. The ministry plans to buy Tomahawk missiles and agreed to delay a base. "
    "Washington did not disclose routes. Gen. Mark Milley met Gen. Yoshihide Yoshida of the Japan "
    "Air Self-Defense Force on Tuesday. The controls cover 23 items and cost $2 billion. The "
    "JASDF stood up a squadron in May 2020.",
    "Drill ends",
    FRIDAY,
    publisher="Pacific Wire",
)
EVIDENCE = usable_sentences(PAGE)


def findings(claim, page=PAGE):
    return compare(claim, usable_sentences(page), [page])


def codes(claim, page=PAGE):
    return {f.code for f in findings(claim, page)}


@pytest.mark.parametrize(
    "claim",
    [
        "About 3,000 personnel took part.",
        "The drill ended on July 21.",
        "The drill ran from July 5 to 21.",
        "Milley met Yoshida on July 18.",
        "On July 18, 2023, Milley met Yoshida.",
        "The ministry plans to buy Tomahawk missiles.",
        "Washington did not disclose routes.",
        "The US did not disclose routes.",
        "Gen. Milley met a JASDF general.",
        "Pacific Wire reported the drill.",
        "The controls cost two billion dollars.",
        "The controls cover 23 items.",
        "However, 70 aircraft flew in Guam.",
        "In July 2023, 70 aircraft flew.",
        "In May 2020, the JASDF stood up a squadron.",
        "Washington disclosed no routes.",
        "Pacific Wire reported the drill. Previously, 70 aircraft flew.",
    ],
)
def test_what_the_source_says_is_not_faulted(claim):
    assert [f for f in findings(claim) if f.level == "error"] == []


@pytest.mark.parametrize(
    ("claim", "code", "at"),
    [
        ("About 4,000 personnel took part.", "number", "4,000"),
        ("The controls cost $3 billion.", "number", "$3 billion"),
        ("The controls cost 2 billion yen.", "number", "2 billion yen"),
        ("Some 80 aircraft flew.", "number", "80"),
        ("In May 2019, the JASDF stood up a squadron.", "date", "2019"),
        ("On July 18, 2022, Milley met Yoshida.", "date", "July 18, 2022"),
        ("The drill ended on July 24.", "date", "July 24"),
        ("The drill ran from July 5 to 24.", "date", "24"),
        ("The drill ended on July 21, 2022.", "date", "July 21, 2022"),
        ("Milley met Yoshida on July 17.", "date", "July 17"),
        ("Gen. Garrant met Yoshida.", "name", "Garrant"),
        ("Milley met Yoshida in Hawaii.", "name", "Hawaii"),
        ("The drill ran in Guam with NATO.", "name", "NATO"),
        ("Lt. Gen. Milley met Yoshida.", "title", "Lt"),
        ("Adm. Milley met Yoshida.", "title", "Adm"),
        ("Rear Gen. Milley met Yoshida.", "title", "Rear"),
        ("Deputy Minister Milley met Yoshida.", "title", "Deputy"),
        ("The ministry buys Tomahawk missiles.", "strength", "buys"),
        ("The ministry delayed a base.", "strength", "delayed"),
        ("Washington disclosed routes.", "negation", "disclosed"),
        ("Milley did not meet Yoshida but the controls did not cover items.", "negation", None),
        ("Milley cancelled the drill.", "action", "cancelled"),
        ("The ministry rejected the missiles.", "action", "rejected"),
    ],
)
def test_what_the_source_does_not_say_is_found(claim, code, at):
    found = [f for f in findings(claim) if f.code == code]
    assert [f.level for f in found[:1]] == ["error"]
    if at is not None:
        assert claim[found[0].start : found[0].end] == at


def test_every_finding_lies_in_the_claim_and_speaks_to_the_editor():
    claim = "On July 24 Garrant cancelled 4,000 flights and disclosed routes."
    found = findings(claim)
    assert {f.code for f in found} >= {"date", "name", "action", "number", "negation"}
    for f in found:
        assert 0 <= f.start < f.end <= len(claim)
        assert f.message.endswith((".", "”", "done."))


@pytest.mark.parametrize(
    ("claim", "replacement"),
    [
        ("The controls cost $3 billion.", "$2 billion"),
        ("About 4,000 personnel took part.", "3,000"),
        ("Some 99 pilots came.", None),
    ],
)
def test_a_wrong_figure_names_the_right_one(claim, replacement):
    (finding,) = [f for f in findings(claim) if f.code == "number"]
    assert finding.replacement == replacement


def test_a_wrong_day_names_the_only_one_there_is():
    page = article("b", "The controls took effect on July 23.", "T", FRIDAY)
    (finding,) = findings("The controls took effect on July 24.", page)
    assert finding.replacement == "July 23"


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("The ministry bought Tomahawk missiles.", "strength"),
        ("Personnel did not take part.", "negation"),
        ("The drill did not run in Guam.", "negation"),
        ("Milley did not meet Yoshida.", "negation"),
    ],
)
def test_irregular_verbs(claim, code):
    assert code in codes(claim)


@pytest.mark.parametrize(
    ("claim", "page", "expected"),
    [
        ("The Okinawan mayor spoke.", "The mayor spoke in Okinawa.", True),
        ("The Guamanian mayor spoke.", "The mayor spoke in Okinawa.", False),
        ("The mayor left for Israel.", "The mayor met Israeli colleagues and left.", True),
        ("The mayor met PM Kishida.", "The mayor met Prime Minister Kishida.", True),
        ("The mayor met PM Kishida.", "The mayor met Minister Kishida.", False),
        ("The mayor met Ian Ono.", "The mayor met Ono.", False),
    ],
)
def test_a_name_in_another_form_is_named(claim, page, expected):
    assert ("name" not in codes(claim, article("b", page, "T", FRIDAY))) is expected


OFFICES = article(
    "b",
    "Minister of Defense Minoru Kihara met Secretary of Defense Lloyd Austin in Tokyo on Monday. "
    "The Foreign Ministry said so. The Minister for Foreign Affairs, Yoko Kamikawa, was there.",
    "T",
    FRIDAY,
)


@pytest.mark.parametrize(
    "claim",
    [
        "Defense Minister Kihara met Defense Secretary Austin in Tokyo on Monday.",
        "Defense Minister Minoru Kihara met Secretary of Defense Lloyd Austin in Tokyo on Monday.",
        "The Ministry of Foreign Affairs said so.",
        "Foreign Minister Yoko Kamikawa was there.",
    ],
)
def test_an_office_may_be_written_in_either_order(claim):
    assert findings(claim, OFFICES) == []


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("Minister of Defense Kihara", "Defense Minister Kihara"),
        ("the Ministry of Foreign Affairs", "the Foreign Ministry"),
        ("the Department of State", "the State Department"),
        ("Secretary of State Blinken", "Secretary of State Blinken"),
        ("Minister of State Ono", "Minister of State Ono"),
        ("Minister for Foreign Investment", "Minister for Foreign Investment"),
    ],
)
def test_offices_that_are_others_in_the_other_order_stay(text, turned):
    assert field_first(text) == turned


@pytest.mark.parametrize(
    ("claim", "at", "right"),
    [
        ("Foreign Minister Minoru Kihara met Austin in Tokyo.", "Foreign Minister", "Defense"),
        ("The Ministry of Defense said so.", "Defense", "Foreign"),
        ("Defense Minister Yoko Kamikawa was there.", "Defense", "Foreign"),
    ],
)
def test_another_office_is_found_in_either_order(claim, at, right):
    (finding,) = findings(claim, OFFICES)
    assert claim[finding.start : finding.end] == at
    assert right in finding.message


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The base opened in the 1960s.", True),
        ("The base opened in the 60's.", True),
        ("The base opened in the 70s.", False),
        ("The base was opened by a man in his 70s.", True),
        ("The base opened in the 1970s.", False),
        ("The base opened in the 1800s.", True),
        ("The base opened in the 1700’s.", False),
        ("The base closed in the 2000s.", False),
    ],
)
def test_a_decade_or_century_has_a_year_that_the_page_gives(claim, expected):
    page = article("b", "The base opened in 1888, and again in 1963. It closed in 2014.", "T", None)
    assert ("date" not in codes(claim, page)) is expected


def test_a_year_is_a_warning_where_the_page_gives_the_day_and_nobody_knows_its_year():
    undated = article("b", "The base opened on July 15.", "T", None)
    (finding,) = findings("The base opened on July 15, 2019.", undated)
    assert (finding.code, finding.level) == ("date", "warning")
    dated = article("b", "The base opened on July 15.", "T", FRIDAY)
    (finding,) = findings("The base opened on July 15, 2019.", dated)
    assert (finding.code, finding.level) == ("date", "error")


@pytest.mark.parametrize("claim", ["Troops took part.", "Seventy aircraft flew."])
def test_the_first_word_of_a_claim_may_be_a_plain_one(claim):
    assert "name" not in codes(claim)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("About 3,000 personnel took part, and 70 aircraft flew.", True),
        ("about 3,000 personnel took part", True),
        ("Washington  did not\ndisclose routes", True),
        ("3,000 personnel took part and 70 aircraft flew", False),
        ("Washington did disclose routes", False),
        ("", False),
        (".", False),
    ],
)
def test_is_verbatim(claim, expected):
    assert is_verbatim(claim, EVIDENCE) is expected


def test_quotation_marks_and_dashes_do_not_matter():
    page = article("b", "He said “the U.S.–Japan alliance” is ‘firm’.")
    assert is_verbatim("He said \"the U.S.-Japan alliance\" is 'firm'.", usable_sentences(page))


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Milley met Gen. Yoshida of the Japan Air Self-Defense Force (JASDF).", set()),
        ("Milley met Gen. Yoshida of the Japan Air Self-Defense Force (JQXF).", {"name"}),
        ("About 3,000 personnel of the JQXF took part.", {"name"}),
    ],
)
def test_a_short_form_in_brackets_is_named_by_the_words_before_it(claim, expected):
    assert codes(claim) == expected


@pytest.mark.parametrize(
    ("claim", "code", "shown"),
    [
        ("About 3,000 personnel took part, and 90 aircraft flew.", "number", "90"),
        ("The drill ran from July 5 to 21 in Guam and Japan for the first time.", "scope", "first"),
        ("The ministry will buy Tomahawk missiles and agreed to delay a base.", "strength", "will"),
        (
            "The ministry plans to buy Tomahawk missiles and decided to delay a base.",
            "strength",
            "",
        ),
        ("The controls cover 23 items and cost $2 million.", "number", "$2 million"),
        ("The drill ran from July 5 to 21 in Japan and Korea.", "name", "Korea"),
        (
            "The controls cover 23 items and cost $2 billion, in response to pressure from unions.",
            "cause",
            "in response to pressure from unions",
        ),
        (
            "Gen. Mark Milley met Gen. Yoshihide Yoshida of the Japan Air Self-Defense Force on "
            "Wednesday.",
            "date",
            "Wednesday",
        ),
        (
            "Gen. Yoshihide Yoshida met Gen. Mark Milley of the Japan Air Self-Defense Force.",
            "role",
            "Yoshihide",
        ),
        (
            "About 3,000 personnel took part, and 70 aircraft flew because of a trade dispute.",
            "cause",
            "because of a trade dispute",
        ),
        ("Washington did disclose routes.", "negation", "disclose"),
        ("On Monday, July 18, Gen. Mark Milley met Gen. Yoshihide Yoshida.", "date", "Monday"),
        (
            "Gen. Mark Milley met Gen. Yoshihide Yoshida of the Japan Maritime Self-Defense Force "
            "on Tuesday.",
            "name",
            "Maritime",
        ),
    ],
)
def test_what_a_copy_changed_is_named_where_it_stands(claim, code, shown):
    found = [f for f in findings(claim) if f.code == code]
    assert found, [f.code for f in findings(claim)]
    assert shown in claim[found[0].start : found[0].end]


@pytest.mark.parametrize(
    "claim",
    [
        "About three thousand personnel took part, and seventy aircraft flew.",
        "The drill ran from July 5 to 21 in Japan and Guam.",
        "Gen. Yoshihide Yoshida of the Japan Air Self-Defense Force was met by Gen. Mark Milley.",
        "The controls cover 23 items and cost two billion dollars.",
        "The ministry intends to buy Tomahawk missiles and agreed to delay a base.",
        "General Mark Milley met General Yoshihide Yoshida of the JASDF on Tuesday.",
        "The Japan Air Self-Defense Force stood up a squadron in May 2020.",
    ],
)
def test_the_same_in_other_words_is_not_faulted(claim):
    assert [f for f in findings(claim) if f.level == "error"] == []


BUDGET = article(
    "budget",
    "TOKYO, July 20 (Pacific Wire) - Trade Minister Ken Mori and Defense Minister Jun Kato met at "
    "Japan's Foreign Ministry. The fund is to buy up to 400 missiles over two days by 2027, "
    "including spare parts. The Deputy Secretary thanked Japan for its work. A squadron flew "
    "3,000 miles with 3,000 people. The service will become the Space Force by fiscal 2027. Talks "
    "began in May and took two weeks. The Foreign Ministry said only that the paper was late. No "
    "country was named. Lt. Gen. Ana Ruiz hosted the talks at a rear base. The minister will host "
    "a summit. Ito announced a new wing. Talks ended a fourth round at a port, according to the "
    "mayor.",
    "Budget",
    FRIDAY,
)


@pytest.mark.parametrize(
    ("claim", "code", "shown"),
    [
        ("The fund is to buy at least 400 missiles over two days by 2027.", "scope", "at least"),
        ("The fund is to buy up to 400 missiles over two weeks by 2027.", "unit", "weeks"),
        ("The fund is to buy up to 400 missiles over two days in 2027.", "strength", "in"),
        (
            "The fund is to buy up to 400 missiles over two days by 2027, excluding spare parts.",
            "scope",
            "excluding",
        ),
        ("A squadron flew 3,000 kilometers with 3,000 people.", "unit", "3,000 kilometers"),
        ("Japan thanked the Deputy Secretary for its work.", "role", "Japan"),
        (
            "Trade Minister Jun Kato and Defense Minister Ken Mori met at Japan's "
            "Foreign Ministry.",
            "role",
            "Kato",
        ),
        ("A country was named.", "negation", "A"),
        (
            "Talks ended a fourth round at a port, according to a trade union.",
            "attribution",
            "trade",
        ),
        ("Talks ended a fifth round at a port, according to the mayor.", "scope", "fifth"),
        ("Ito hinted at a new wing.", "attribution", "hinted"),
        ("Gen. Ana Ruiz hosted the talks at a base.", "title", "Gen"),
        ("The Foreign Ministry denied only that the paper was late.", "attribution", "denied"),
        ("The Defense Ministry said only that the paper was late.", "name", "Defense"),
        (
            "The service will become the Space Force by fiscal 2027 after a row with NATO.",
            "cause",
            "NATO",
        ),
        ("The service became the Space Force in fiscal 2019.", "date", "2019"),
    ],
)
def test_each_change_has_the_code_of_its_kind_and_no_other_stands_on_it(claim, code, shown):
    found = findings(claim, BUDGET)
    on_it = [f for f in found if shown in claim[f.start : f.end]]
    assert [f.code for f in on_it] == [code], found


@pytest.mark.parametrize(
    "claim",
    [
        "The fund is to buy no more than 400 missiles over two days by 2027.",
        "Talks started in May and took two weeks.",
        "A summit will be hosted by the minister.",
        "Lt. Gen. Ana Ruiz hosted the talks at a base.",
        "Trade Minister Mori and Defense Minister Kato met at the Foreign Ministry of Japan.",
    ],
)
def test_another_wording_of_the_same_is_not_faulted(claim):
    assert [f for f in findings(claim, BUDGET) if f.level == "error"] == []


def test_verbs_are_not_compared_where_the_page_is_told_in_other_words():
    page = article(
        "c",
        "The bridge will be closed for a month, the council said. A driver did not stop, and "
        "engineers may look at cracks.",
    )
    assert codes("An old crossing used by thousands shut down and traffic stopped.", page) == set()


def test_a_few_things_that_a_writer_counts_are_a_warning_and_a_figure_is_an_error():
    levels = {f.level for f in findings("Two generals from three services met.")}
    assert levels == {"warning"}
    assert "error" in {f.level for f in findings("12 generals met.")}


def test_a_year_may_be_the_one_that_a_page_opens_with():
    page = article("b", "London, 22 May 2007. The tour runs from August to October.", "Tour", None)
    assert codes("The tour ran from August to October 2007.", page) == set()
    assert codes("The tour ran from August to October 2008.", page) == {"date"}


def test_a_day_with_a_year_of_its_own_takes_no_other():
    page = article("b", "The base opened on July 18, 2022, and grew in 2023.", "Base", FRIDAY)
    assert codes("The base opened on July 18, 2022.", page) == set()
    assert "date" in codes("The base opened on July 18, 2023.", page)


@pytest.mark.parametrize(
    ("source", "claim", "expected"),
    [
        ("They have not found any signs of poison.", "They have found no signs of poison.", set()),
        ("They found no signs of poison.", "They did not find any signs of poison.", set()),
        ("They found no signs of poison.", "They found signs of poison.", {"negation"}),
        ("The fund is to raise no more than $5.", "The fund is to raise at most $5.", set()),
        ("They have found signs of poison.", "They have found no signs of poison.", {"negation"}),
    ],
)
def test_not_any_is_none(source, claim, expected):
    assert codes(claim, article("b", source, "Poison", FRIDAY)) == expected


def test_a_pronoun_of_the_source_may_be_told_by_its_name():
    page = article(
        "b",
        "The Foreign Ministry in Seoul asked for a reply. It summoned the deputy chief of the "
        "Japanese mission over the islets. It called off the visit.",
        "Islets",
        FRIDAY,
    )
    claim = "Seoul's Foreign Ministry summoned the deputy chief of the Japanese mission."
    assert codes(claim, page) == set()
    assert codes(claim.replace("Seoul", "South Korea"), page) == set()
    assert codes(claim.replace("Seoul's Foreign", "Tokyo's Defense"), page) == {"title"}


def test_what_is_due_to_start_is_to_start():
    page = article("b", "The plant near Houston, which is due to start work, is new.", "Plant")
    assert codes("The plant near Houston is to start work.", page) == set()
    assert codes("The plant near Houston is certain to start work.", page) == {"strength"}


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The base opened on Wednesday.", set()),
        ("The base opened on Tuesday.", {"date"}),
        ("The base opened on Monday.", {"date"}),
        ("On a Tuesday, as far as is known, the wing moved out of the base that it had.", set()),
        ("On a Monday, as far as is known, the wing moved out of the base it had.", {"date"}),
    ],
)
def test_a_weekday_without_its_date_is_one_that_the_page_names_or_gives_a_date_for(claim, expected):
    page = article("b", "The base opened on Wednesday. The wing left it on July 18, 2023.", "Base")
    assert codes(claim, page) == expected


SERVICE = article(
    "d",
    "Officers of the U.S. came to the base.\n\nThe drill told us little.\n\nJapan came late to "
    "military space. Its first unit was set up in May. The service will become an air and space "
    "force by 2027 under a program that the cabinet approved.",
    "Space",
    FRIDAY,
)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The US will make its service an air and space force by 2027 under a program.", {"name"}),
        ("Japan will make its service an air and space force by 2027 under a program.", set()),
        ("Tokyo will make its service an air and space force by 2027 under a program.", set()),
    ],
)
def test_a_country_that_the_page_does_not_tell_this_of(claim, expected):
    assert codes(claim, SERVICE) == expected


@pytest.mark.parametrize(
    ("subject", "expected"), [("They", set()), ("President Yoon", set()), ("The service", {"name"})]
)
def test_somebody_by_name_or_pronoun_may_act_for_a_country(subject, expected):
    page = (
        f"President Yoon arrived in Tokyo on Thursday. {subject} will hold a drill with 70 "
        "aircraft. Next week South Korea votes on a budget."
    )
    claim = "South Korea will send 70 aircraft to a drill."
    assert codes(claim, article("g", page, "T", FRIDAY)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("The service told us that it will be an air and space force.", {"name"}),
        ("The service told the US that it will be an air and space force.", set()),
        ("The American service will be an air and space force.", set()),
    ],
)
def test_the_us_is_a_name_and_no_pronoun(source, expected):
    claim = "The service of the US will be an air and space force."
    assert codes(claim, article("e", source, "Space", FRIDAY)) == expected


LAUNCH = (
    "The ministers strongly condemned the missile that the Democratic People's Republic of Korea "
    "(DPRK) launched."
)
PYONGYANG = f"Blinken met Republic of Korea (ROK) Foreign Minister Park in Jakarta. {LAUNCH}"
BEIJING = "The People's Republic of China (PRC) sent ships near the islands on Monday."
TAIPEI = "The Navy of the Republic of China sent ships near the islands on Monday."
CURLY = (
    "On Monday, ships of the People’s Republic of China sailed near the islands of the Philippines."
)
BOTH = "Leaders of North and South Korea met in Panmunjom on Monday."


@pytest.mark.parametrize(
    ("claim", "source", "expected"),
    [
        ("The ministers strongly condemned the missile that North Korea launched.", PYONGYANG, ""),
        ("The ministers strongly condemned the missile of the DPRK.", PYONGYANG, ""),
        ("South Korea's foreign minister met Blinken.", PYONGYANG, ""),
        ("The ministers condemned the missile that South Korea launched.", PYONGYANG, "name"),
        ("The ministers condemned the missile that the ROK launched.", PYONGYANG, "name"),
        ("The ministers condemned the Republic of Korea's missile.", LAUNCH, "name"),
        (
            "They said that the Republic of Korea fired it.",
            "The DPRK fired it, they said. The Czech Republic and Korea's neighbors protested.",
            "name",
        ),
        (
            "The drill of the Republic of Korea-Japan alliance began.",
            "South Korea and the US began the drill of their alliance.",
            "name",
        ),
        ("The ministers met in the Republic.", "Ministers of the Republic of Korea met.", ""),
        ("South Korea launched a missile.", PYONGYANG, "role"),
        ("The Republic of Korea launched a missile.", PYONGYANG, "role"),
        ("China sent ships near the islands on Monday.", BEIJING, ""),
        ("The People’s Republic of China sent ships near the islands on Monday.", BEIJING, ""),
        ("Taiwan sent ships near the islands on Monday.", BEIJING, "name"),
        ("The Republic of China sent ships near the islands on Monday.", BEIJING, "name"),
        ("On Monday, ships of China sailed near the islands.", CURLY, ""),
        ("Ships of Taiwan sailed near the islands on Monday.", CURLY, "name"),
        ("China sent ships near the islands.", "The Peoples Republic of China sent ships.", ""),
        ("Taiwan sent ships.", "The Peoples' Republic of China sent ships.", "name"),
        ("Taiwan's navy sent ships near the islands on Monday.", TAIPEI, ""),
        ("China sent ships near the islands on Monday.", TAIPEI, "name"),
        ("North Korea's leader met South Korea's in Panmunjom.", BOTH, ""),
        ("Leaders of both Koreas met in Panmunjom on Monday.", BOTH, ""),
        ("Leaders of South and North Korea met in Panmunjom on Monday.", BOTH, ""),
        ("The leader of South Korea met somebody in Panmunjom on Monday.", BOTH, ""),
        ("The talks of North and South Korea were held.", "North Korea held talks.", "name"),
        ("An inter-Korean office was opened.", "South Korea opened an office.", "name"),
        ("North Korea's leader came to Panmunjom on Monday.", BOTH, ""),
    ],
)
def test_two_countries_whose_official_names_have_the_same_words(claim, source, expected):
    assert codes(claim, article("f", source, "T", FRIDAY)) == ({expected} if expected else set())
