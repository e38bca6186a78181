import pytest

from assistant.terms import base, is_past


@pytest.mark.parametrize(
    ("word", "expected"),
    [("agreed", True), ("met", True), ("need", False), ("proceed", False), ("Wicked", False)],
)
def test_past_forms(word, expected):
    assert is_past(word) is expected


@pytest.mark.parametrize(
    ("word", "other"),
    [("led", "leads"), ("took", "taken"), ("agreed", "agrees"), ("Met", "meeting")],
)
def test_all_forms_of_a_verb_have_one_base(word, other):
    assert base(word) == base(other)


@pytest.mark.parametrize(("word", "other"), [("led", "let"), ("took", "told"), ("met", "made")])
def test_two_verbs_have_two(word, other):
    assert base(word) != base(other)
