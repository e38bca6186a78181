import pytest

from assistant.llm import tokens


@pytest.mark.parametrize(
    ("text", "margin", "expected"),
    [("", 1, 0), ("hello world", 1, 2), ("hello world", 1.2, 3), ("<|endoftext|>", 1, 7)],
    ids=["empty", "plain", "margin-rounds-up", "special-token-is-text"],
)
def test_count(text: str, margin: float, expected: int) -> None:
    assert tokens.count(text, margin) == expected


SENTENCES = ["One two three.", "Four five six seven.", "Eight."]


@pytest.mark.parametrize(
    ("budget", "kept"), [(0, 0), (4, 0), (5, 1), (10, 1), (11, 2), (13, 2), (14, 3), (99, 3)]
)
def test_fit_keeps_whole_sentences(budget: int, kept: int) -> None:
    # 4, 5 and 2 tokens, and one more each.
    assert tokens.fit(SENTENCES, budget) == SENTENCES[:kept]


def test_fit_with_margin_keeps_less() -> None:
    assert tokens.fit(SENTENCES, 14, margin=1.5) == SENTENCES[:1]
