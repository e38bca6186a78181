"""PDF and Word files, made here, good and bad."""

import datetime as dt
import io
import zipfile

import docx
import pypdf
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import IngestError
from assistant.ingest import pdf as pdf_module
from assistant.ingest import word as word_module
from assistant.ingest.pdf import read_pdf
from assistant.ingest.word import read_word

LINES = [
    ["Source: https://mod.example/2023/paper", "Publisher: MOD", "Date: July 28, 2023"],
    ["Cabinet approves paper"],
    [
        "The Cabinet approved the annual paper on Friday, which describes the secu-",
        "rity of Japan and the co-operation with its allies in the region in 2023.",
    ],
    ["The paper will be", "published in English later."],
]  # fmt: skip


def make_pdf(*pages, header=None, title="Cabinet approves paper", encrypt=None):
    """Each page is a list of paragraphs, each a list of lines."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1, encrypt=encrypt)
    canvas.setTitle(title)
    for number, paragraphs in enumerate(pages, 1):
        y = 800
        if header:
            canvas.drawString(72, y, f"{header} {number}")
            y -= 40
        for lines in paragraphs:
            for each in lines:
                canvas.drawString(72, y, each)
                y -= 14
            y -= 14
        canvas.drawString(290, 30, f"- {number} -")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_a_pdf_gives_paragraphs_and_the_metadata_of_its_first_lines():
    page = read_pdf(make_pdf(LINES))
    assert page.url == "https://mod.example/2023/paper"
    assert page.publisher == "MOD"
    assert page.title == "Cabinet approves paper"
    assert (page.published_on, page.date_from) == (dt.date(2023, 7, 28), "text")
    assert page.blocks == (
        "Cabinet approves paper",
        "The Cabinet approved the annual paper on Friday, which describes the security of Japan "
        "and the co-operation with its allies in the region in 2023.",
        "The paper will be published in English later.",
    )


def test_running_heads_and_page_numbers_are_dropped():
    pages = [[[f"Paragraph {word} of the paper."]] for word in ("one", "two", "three")]
    page = read_pdf(make_pdf(*pages, header="White Paper, page"))
    assert page.blocks == tuple(
        f"Paragraph {word} of the paper." for word in ("one", "two", "three")
    )


def test_a_sentence_goes_on_over_a_page_break():
    page = read_pdf(make_pdf([[["The paper describes the security"]][0]], [["of the region."]]))
    assert page.blocks == ("The paper describes the security of the region.",)


def test_the_file_date_of_a_pdf_is_no_day_of_publication():
    page = read_pdf(make_pdf([["The paper describes the security of the region."]]))
    assert page.published_on is None


def test_junk_titles_of_a_pdf_are_not_taken():
    assert read_pdf(make_pdf(LINES, title="Microsoft Word - paper.docx")).title is None


def test_a_pdf_without_a_text_layer_fails():
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.rect(10, 10, 100, 100)
    canvas.save()
    with pytest.raises(IngestError, match="pictures of text"):
        read_pdf(buffer.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        b"no pdf at all",
        b"%PDF-1.4\n" + b"garbage " * 100,
        make_pdf(LINES)[:600],
        make_pdf(LINES).replace(b"/Pages", b"/Pagez"),
    ],
    ids=["text", "garbage", "cut off", "no pages"],
)
def test_a_broken_pdf_fails_with_a_sentence_and_in_silence(data, caplog, capsys):
    with pytest.raises(IngestError, match="broken|pictures"):
        read_pdf(data)
    assert caplog.text == ""
    assert capsys.readouterr() == ("", "")


def test_an_encrypted_pdf_fails():
    plain = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf(LINES)))
    plain.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    plain.write(buffer)
    with pytest.raises(IngestError, match="encrypted"):
        read_pdf(buffer.getvalue())


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("MAX_PAGES", 1, "more than 1 pages"),
        ("MAX_SECONDS", -1.0, "seconds to read"),
        ("MAX_PAGE_BYTES", 10, "too large to read"),
    ],
)
def test_a_pdf_beyond_a_limit_fails(monkeypatch, limit, value, reason):
    monkeypatch.setattr(pdf_module, limit, value)
    with pytest.raises(IngestError, match=reason):
        read_pdf(make_pdf(LINES, LINES))


def make_word(fill):
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_file_gives_text_table_and_metadata():
    def fill(document):
        document.core_properties.title = "Fund set up"
        document.core_properties.author = "Jo Doe"
        document.core_properties.created = dt.datetime(2020, 1, 1)
        for text in (
            "Source: https://itochu.example/a",
            "Publisher: ITOCHU",
            "Date: July 24, 2023",
        ):
            document.add_paragraph(text)
        document.add_heading("Fund set up", 1)
        document.add_paragraph("The fund was set up in June.")
        table = document.add_table(rows=1, cols=3)
        table.cell(0, 0).text, table.cell(0, 2).text = "Total", "$2 billion"
        table.cell(0, 0).merge(table.cell(0, 1))

    page = read_word(make_word(fill))
    assert (page.url, page.publisher) == ("https://itochu.example/a", "ITOCHU")
    assert (page.published_on, page.date_from) == (dt.date(2023, 7, 24), "text")
    assert (page.title, page.authors) == ("Fund set up", ("Jo Doe",))
    assert [b for b in page.blocks if b] == [
        "Fund set up",
        "The fund was set up in June.",
        "Total | $2 billion",
    ]


def test_tracked_changes_count_as_accepted_and_hidden_type_is_left_out():
    def fill(document):
        paragraph = document.add_paragraph("It costs ")
        for tag, text in (("w:ins", "two"), ("w:moveFrom", "three"), ("w:del", "four")):
            change = OxmlElement(tag)
            change.append(paragraph.add_run(text)._r)
            paragraph._p.append(change)
        paragraph.add_run(" billion.")
        paragraph.add_run("PLANTED").font.hidden = True
        paragraph.add_run("PLANTED").font.color.rgb = RGBColor(255, 255, 255)
        assert paragraph._p.find(qn("w:ins")) is not None

    assert read_word(make_word(fill)).blocks == ("It costs two billion.",)


def bomb(parts, size, name="word/media/{}.bin"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(name.format(number), b"\0" * size)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 not really", "not a Word"),
        (b"plain", "not a Word"),
        (bomb(1, 10), "broken"),
        (make_word(lambda d: d.add_paragraph("x"))[:-200], "not a Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old .doc kind"),
    ],
    ids=["magic only", "text", "other zip", "cut off", "old format"],
)
def test_a_broken_word_file_fails_with_a_sentence(data, reason):
    with pytest.raises(IngestError, match=reason):
        read_word(data)


def test_a_zip_bomb_is_not_opened(monkeypatch):
    monkeypatch.setattr(docx, "Document", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(IngestError, match="unpacks to far more"):
        read_word(bomb(1, 12_000_000))


@pytest.mark.parametrize(
    ("limit", "value"),
    [("MAX_PARTS", 2), ("MAX_UNPACKED_BYTES", 1000), ("MAX_PART_BYTES", 300)],
)
def test_each_limit_of_an_archive_counts(monkeypatch, limit, value):
    monkeypatch.setattr(word_module, limit, value)
    with pytest.raises(IngestError, match="unpacks to far more"):
        read_word(bomb(3, 400, "word/{}.xml"))
