"""What the page sends."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.desk.offsets import to_points
from assistant.review.edit import Words
from assistant.types import Citation


class Form(BaseModel):
    """A request's body: nothing but what is named here."""

    model_config = ConfigDict(extra="forbid")


class Link(Form):
    """A link; offsets count UTF-16 units."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    url: str = Field(max_length=4000)


class WordsForm(Form):
    """An editor's words, and the revision that they started from."""

    based_on: int
    headline: str
    text: str
    links: list[Link] = Field(max_length=200)

    def words(self) -> Words:
        """The words with offsets in code points."""
        citations = tuple(
            Citation(to_points(self.text, k.start), to_points(self.text, k.end), k.url, None)
            for k in self.links
        )
        return Words(self.headline, self.text, citations)


class RepairForm(Form):
    """Which repair of which claim."""

    based_on: int
    claim: int
    repair: int


class FixForm(Form):
    """Which style finding, by its place; without one, all that can be fixed."""

    based_on: int
    code: str | None = None
    field: Literal["headline", "text"] = "text"
    start: int = 0


class RestoreForm(Form):
    """Which revision to bring back."""

    based_on: int
    number: int
    note: str = Field("", max_length=200)


class SignForm(Form):
    """A step of a bullet, and the reason where it overrides what blocks."""

    based_on: int
    state: Literal["draft", "reviewed", "approved"]
    reason: str | None = Field(None, max_length=1000)


class NoteForm(Form):
    """A note to a colleague."""

    text: str = Field(max_length=2000)


class OrderForm(Form):
    """The bullets of an issue in order."""

    order: list[str] = Field(max_length=50)


class HandForm(Form):
    """A bullet from nothing, or from pasted sentences."""

    headline: str = ""
    pasted: str = ""


class IssueForm(Form):
    """The day of a new issue, and the days that it looks back on."""

    date: str
    since: str | None = None
    until: str | None = None


class MastheadForm(Form):
    """What stands around the bullets."""

    credit: str = Field(max_length=2000)
    boilerplate: str = Field(max_length=4000)


class ExportForm(Form):
    """A format, and the reason where something is open."""

    format: Literal["md", "html"]
    reason: str | None = Field(None, max_length=1000)


class AddressesForm(Form):
    """Addresses to fetch."""

    addresses: list[str] = Field(min_length=1, max_length=200)


class PastedForm(Form):
    """An article's text, and what is known about it: the fields of front matter."""

    text: str = Field(min_length=1)
    fields: dict[str, Any] = Field(default_factory=dict)


class StoriesForm(Form):
    """Something done to stories of an issue."""

    do: Literal["choose", "pin", "drop", "unmark", "rename", "merge", "split"]
    stories: list[str] = Field(max_length=100)
    articles: list[str] = Field(default_factory=list, max_length=500)
    title: str = Field("", max_length=300)


class DraftForm(Form):
    """Who writes."""

    writer: Literal["model", "extractive"]


class ReviseForm(Form):
    """What should change, in the whole bullet or in one sentence."""

    instruction: str = Field(max_length=500)
    sentence: str | None = None


class AcceptForm(Form):
    """A proposal that the editor takes."""

    based_on: int
    instruction: str = Field(max_length=500)
    old: str
    new: str
    url: str | None = None


class LinkForm(Form):
    """A proposed page that the editor takes."""

    based_on: int
    sentence: str
    anchor: str
    url: str


class RuleForm(Form):
    """Whether a rule of the house style counts."""

    on: bool


class EvalForm(Form):
    """Which suite to run, over at most how many cases of each kind, its own or those kept."""

    suite: str = Field(max_length=100)
    cases: int | None = Field(None, ge=1, le=100_000)
    kept: bool = False


class VerdictForm(Form):
    """A claim, by its place and words, whose verdict the editor does not share."""

    claim: int
    text: str


class RejectedForm(Form):
    """A sentence that was proposed and rejected, and what it would have stood for.

    `url` is the page of a new sentence or of a proposed link.
    """

    instruction: str = Field(max_length=500)
    old: str = ""
    new: str = Field(min_length=1)
    url: str | None = None
