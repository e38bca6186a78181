"""Encodings, the stored form of text, front matter, Markdown and plain text."""

import datetime as dt

import pytest

from assistant.errors import IngestError
from assistant.ingest import frontmatter
from assistant.ingest.markdown import read_markdown, read_text
from assistant.ingest.text import assemble, clean, decode, garbled, line, unwrap

JAPANESE = "防衛省は二十八日、白書を公表した。"


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("café".encode(), None, "café"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", None, "café"),
        ("café".encode("utf-16"), None, "café"),
        ("café".encode(), "iso-8859-1", "café"),
        ("it’s".encode("cp1252"), "ISO-8859-1", "it’s"),
        (JAPANESE.encode("cp932"), "Shift_JIS", JAPANESE),
        (JAPANESE.encode("euc-jp"), "EUC-JP", JAPANESE),
        (JAPANESE.encode("iso-2022-jp"), "iso-2022-jp", JAPANESE),
    ],
    ids=["utf-8", "bom", "utf-16", "wrongly declared", "cp1252", "sjis", "euc", "iso-2022-jp"],
)
def test_bytes_are_read_in_their_encoding(data, declared, text):
    assert decode(data, declared) == text


@pytest.mark.parametrize(
    ("data", "declared", "reason"),
    [
        ("café".encode("latin-1"), None, "save it as UTF-8"),
        (JAPANESE.encode("cp932"), None, "save it as UTF-8"),
        (JAPANESE.encode("cp932"), "euc-jp", "declared encoding, euc-jp"),
        (b"caf\xe9", "no-such-thing", "no-such-thing"),
        (b"caf\xe9", "hex", "declared encoding, hex"),
        (b"MZ\x00\x01", None, "not a text file"),
    ],
    ids=["latin", "sjis undeclared", "wrong", "unknown", "not a charset", "binary"],
)
def test_what_cannot_be_read_for_certain_is_refused(data, declared, reason):
    with pytest.raises(IngestError, match=reason):
        decode(data, declared)


def test_clean_leaves_plain_characters_only():
    text = (
        "e\u0301te\u0301\u00a0a\u200bb\u202ec\u2066d\ufeff co\u00adop\x07 \U000e0041x\r\ny\u2009z"
    )
    assert clean(text) == "été abcd coop x\ny z"
    assert clean("“It’s – fine”　全角") == "“It’s – fine”　全角"


def test_paragraphs_stand_one_blank_line_apart():
    assert assemble([" one\ntwo ", "", "three\u00a0 four"]) == "one two\n\nthree four"


@pytest.mark.parametrize(
    ("text", "seen"),
    [("Itâ€™s", True), ("cafÃ©", True), ("a \ufffd b", True), ("It’s a café – São Paulo", False)],
)
def test_garbled_text_is_seen(text, seen):
    assert (garbled(text) is not None) is seen


def test_lines_are_joined_by_script():
    assert unwrap(["one", " two"]) == "one two"
    assert unwrap(["防衛省", "は"]) == "防衛省は"
    assert unwrap(["co-", "operation"], hyphens=True) == "cooperation"
    assert unwrap(["U.S.-", "Japan"], hyphens=True) == "U.S.- Japan"
    assert line(" a \n b ") == "a b"


def test_front_matter_is_read_and_unknown_keys_are_named():
    text = (
        "---\nurl: https://a.example/x\ntitle: 'A: b'\npublished_on: 2023-07-13\nkind: wire\n"
        "access: teaser\nlanguage: ja\nauthors: Jo Doe\nnotice: sample\nsection: World\n---\nBody"
    )
    fields, body, warnings = frontmatter.split(text)
    assert fields == {
        "url": "https://a.example/x",
        "title": "A: b",
        "published_on": dt.date(2023, 7, 13),
        "kind": "wire",
        "access": "teaser",
        "language": "ja",
        "authors": ("Jo Doe",),
    }
    assert body == "Body"
    assert len(warnings) == 1
    assert "`section`" in warnings[0]


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("kind: gossip", "`kind`"),
        ("access: free", "`access`"),
        ("published_on: July 13", "`published_on` is wrong: write the day as YYYY-MM-DD"),
        ("published_on: 2023-13-40", "YYYY-MM-DD"),
        ("url: ftp://a.example/x", "`url`"),
        ("url: https://user:pw@a.example/x", "user name or password"),
        ("title: [a]", "`title`"),
        ("language: English", "`language`"),
        ("title: A: b", "not valid YAML"),
        ('title: "open', "not valid YAML"),
        ("title: " + "x" * 20_001, "longer than 20,000"),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(head, reason):
    with pytest.raises(IngestError, match=reason):
        frontmatter.split(f"---\n{head}\n---\nBody")


def test_values_are_what_was_written_and_empty_ones_are_absent():
    head = "title: 1984\npublisher: ~\nkind: null\nlanguage:\npublished_on: 2023-07-13T09:00"
    with pytest.raises(IngestError, match="`published_on`"):
        frontmatter.split(f"---\n{head}\n---\n")
    fields, _, _ = frontmatter.split(f"---\n{head.removesuffix('T09:00')}\n---\n")
    assert fields == {"title": "1984", "published_on": dt.date(2023, 7, 13)}


@pytest.mark.parametrize(
    "text", ["Body only", "---\nA rule, then text\n---\nBody", "--- not a fence\nBody"]
)
def test_text_without_front_matter_stays_whole(text):
    assert frontmatter.split(text) == ({}, text, ())


def test_markdown_loses_its_marks():
    page = read_markdown(
        "# The *title*\n\n"
        "One **bold** [link](https://a.example/x) costs \\$2 &amp; more\nin lines.\n\n"
        "## Head\n\n- item one\n- item `two`\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "![picture](https://a.example/p.png)after<!-- hidden --> <br>text\n\nSetext\n---\n"
    )
    assert page.title == "The title"
    assert page.blocks == (
        "One bold link costs $2 & more in lines.",
        "Head",
        "item one",
        "item two",
        "quoted",
        "a | b",
        "1 | 2",
        "after text",
        "Setext",
    )


def test_html_blocks_in_markdown_are_left_out_with_a_warning():
    page = read_markdown("Text.\n\n<div style='display:none'>\nplanted\n</div>\n")
    assert page.blocks == ("Text.",)
    assert "HTML" in page.warnings[0]


def test_a_paragraph_too_long_for_the_parser_is_refused():
    with pytest.raises(IngestError, match="more than 50,000 characters"):
        read_markdown("Text.\n\n" + "[" * 50_001)


def test_front_matter_beats_what_the_text_says():
    page = read_markdown("---\ntitle: Stated\n---\n# Found\n\nText.")
    assert page.title == "Stated"


def test_plain_text_keeps_its_marks_and_joins_wrapped_lines():
    page = read_text(
        "The *first* paragraph of this text was broken by\n"
        "its editor after some fifty characters.\n\n"
        "One line\nAnother line\n\n* an item\n* another - with a dash"
    )
    assert page.blocks == (
        "The *first* paragraph of this text was broken by its editor after some fifty characters.",
        "One line",
        "Another line",
        "an item",
        "another - with a dash",
    )


def test_long_lines_of_plain_text_are_paragraphs():
    long = "A sentence that goes on. " * 6
    assert read_text(f"{long}\n{long}").blocks == (long.strip(), long.strip())


def test_label_lines_at_the_head_become_metadata():
    page = read_text(
        "Source: https://a.example/x\nPublisher: The Ministry\nDate: July 24, 2023\n\n"
        "Drill ends\n\nSource: Ministry of Defense"
    )
    assert page.url == "https://a.example/x"
    assert page.publisher == "The Ministry"
    assert (page.published_on, page.date_from) == (dt.date(2023, 7, 24), "text")
    assert page.blocks == ("Drill ends", "Source: Ministry of Defense")
