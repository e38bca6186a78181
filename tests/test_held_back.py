"""No held-back article of the sample corpus is quoted in tests, prompts or training.

What was chosen, written or trained by a text proves nothing when it is measured on that text.
"""

import re
from pathlib import Path

import pytest

from evals import sample

ROOT = Path(__file__).parents[1]
FOLDERS = ("tests", "prompts", "evals/training")
# So many words in a row are a quotation; of Japanese, which has no spaces, so many signs.
SIGN = r"[ぁ-ゖァ-ヺー一-鿿々]"
RUNS = {rf"(?:(?!{SIGN})[^\W_])+(?:['’](?:(?!{SIGN})[^\W_])+)*": 7, SIGN: 14}
# Long names of institutions are nobody's words: each counts as one.
NAMES = ("Democratic People's Republic of Korea", "Ministry of Economy, Trade and Industry")
NAME = re.compile("|".join(re.sub(r"\W+", r"\\W+", name) for name in NAMES), re.I)
# What Python and JSON put between the words of a text.
PREFIX = re.compile(r"\b[rbf]{1,2}(?=[\"'])", re.I)
ESCAPED = re.compile(r"\\u([0-9a-f]{4})", re.I)


def plain(source):
    """The words that stand in a file, without the marks of its language between them."""
    text = ESCAPED.sub(lambda m: chr(int(m[1], 16)), source).replace("\\n", " ")
    return NAME.sub(" name ", PREFIX.sub("", text))


def runs(text):
    """Each run of words or signs that is long enough to be a quotation, and where it stands."""
    for pattern, length in RUNS.items():
        words = list(re.finditer(pattern, text))
        for i in range(len(words) - length + 1):
            some = words[i : i + length]
            key = tuple(w[0].lower().replace("’", "'") for w in some)
            yield key, some[0].start(), some[-1].end()


def quoted(source, held):
    """The stretches of a file that stand in one of the articles that `held` has the runs of."""
    text = plain(source)
    stretches = []
    for key, start, end in runs(text):
        if key not in held:
            continue
        if stretches and stretches[-1][0] <= start <= stretches[-1][1]:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return [" ".join(text[start:end].split()) for start, end in stretches]


@pytest.fixture(scope="module")
def articles():
    """The held-back articles by their files."""
    files = [f for story in sample.gold_stories() if story.half == "held-back" for f in story.files]
    return {file: sample.articles()[file] for file in files}


@pytest.fixture(scope="module")
def held(articles):
    """Their runs of words and signs."""
    return {key for a in articles.values() for key, *_ in runs(plain(f"{a.title}\n{a.text}"))}


def texts():
    """Name and content of every file that may quote none."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if not path.is_file() or path.suffix == ".pyc":
                continue
            try:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:  # weights
                assert path.suffix == ".gguf", f"{path} is no text"


def test_no_held_back_article_is_quoted(held):
    found = [f"{name}: {words}" for name, text in texts() for words in quoted(text, held)]
    assert not found, "\n".join(found)


def test_files_of_all_folders_are_read():
    names = {name for name, _ in texts()}
    assert {"tests/test_held_back.py", "tests/data/issue-2-14.md"} <= names
    assert {"prompts/lexicon.yaml", "prompts/style/money.yml"} <= names
    assert "evals/training/rows.py" in names


def test_every_held_back_article_would_be_found(articles, held):
    for article in articles.values():
        words = plain(article.text).split()
        length = 40 if len(words) > 40 else len(words)
        assert quoted(f"# {' '.join(words[:length])}", held), article.title


@pytest.mark.parametrize(
    "told",
    [
        'PAGE = (\n    "The harbor of Lund, they said, "\n    f"has nine piers."\n)',
        '{"claim": "THE HARBOR OF LUND (they said) has\\nnine piers"}',
        "# The harbor of Lund they\n# said has nine piers",
        "the harbor of lund, they\\u2014said has nine: piers",
    ],
    ids=["Python", "JSON", "comment", "escapes"],
)
def test_marks_capitals_and_lines_do_not_hide_a_quotation(told):
    held = {key for key, *_ in runs(plain("The harbor of Lund, they said, has nine piers."))}
    (words,) = quoted(told, held)
    assert words.lower().startswith("the harbor of lund")
    assert words.endswith("piers")
    assert quoted(told.replace("said", "told"), held) == []


def test_of_japanese_a_run_of_signs_is_a_quotation():
    text = "港湾局は、漁具二十三品目を許可制の対象に加えた。"
    held = {key for key, *_ in runs(plain(text))}
    assert quoted(f'PAGE = "{text}"', held) == [text.rstrip("。")]
    assert quoted("漁具二十三品目を許可制の", held) == []


def test_a_long_name_is_no_quotation():
    page = "They wrote to the Ministry of Economy, Trade and Industry in Oslo on Monday."
    held = {key for key, *_ in runs(plain(page))}
    assert quoted("to the ministry of economy, trade and industry in Oslo", held) == []
    assert quoted(page, held) == ["They wrote to the name in Oslo on Monday"]
