"""Citations: whether links do their work in drafts, and whether planted faults are seen.

Two kinds of cases. Drafts of the sample corpus's stories: of their links and sentences,
how many are precise and recalled (Gao et al. 2023), anchored on a word that states an
event, covered by a link, linked twice or to a teaser. And paragraphs in which one link was
spoilt: the fault should be listed at the link's own words, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from assistant.draft.link import choose_anchor
from assistant.nlp import Span, parse
from assistant.publish.markdown import bullet_markdown
from assistant.style.grammar import anchor_class
from assistant.style.links import LinkCounts
from assistant.terms import Weights, terms
from assistant.types import Article, Bullet, Citation
from evals import sample
from evals.corruption import nearest_elsewhere
from evals.metrics import Measure, mean, ratio
from evals.passages import Desk, Passage, claim_at, findings_of, passages
from evals.suite import PASSED, Case, Json, Options, Solved, Suite, limited
from evals.writers import open_writer, story_of

DRAFT, UNTOUCHED, WRONG_ARTICLE = "draft", "untouched", "story's wrong article"
# What each planted fault should be called.
CODES: Mapping[str, str | None] = {
    UNTOUCHED: None,
    "anchor on a name": "anchor-class",
    "anchor on a clause": "anchor-clause",
    "linked twice": "duplicate-url",
    "idle link": "link-idle",
    "teaser": "link-teaser",
    WRONG_ARTICLE: "wrong-source",
    "no link": "no-citation",
    "placeholder": "source-missing",
    "unknown page": "source-missing",
}
_CASES = 15
_FEWEST_REPORTS = 3
# A page with at most this share of a sentence's term weight does not say the sentence.
_SAYS_LITTLE = 0.6
_UNKNOWN = "https://nowhere.example/2023/07/unknown"


class Citations(Suite):
    """The links of drafts, and faults planted in links."""

    name = "citations"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._writer = open_writer(options)
        self._desk: Desk | None = None

    @property
    def measures(self) -> Sequence[Measure]:
        """Rates over the drafts' links and sentences, and the faults that were caught."""
        return (
            ratio("precision", "precise", "links"),
            ratio("recall", "recalled", "sentences"),
            ratio("anchor_rate", "anchored", "links"),
            ratio("coverage", "covered", "sentences"),
            ratio("linked_twice", "twice", "links", better="lower"),
            ratio("teasers", "teasers", "links", better="lower"),
            mean("caught"),
            mean("alone"),
        )

    @property
    def data(self) -> Sequence[Path]:
        """The stories and their articles."""
        return (sample.stories_file(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """A draft for each story of several reports, and the paragraphs with a fault."""
        made = [
            Case(
                id=f"draft-{story.name}",
                input={"story": story.name, "articles": list(story.files)},
                cluster=story.name,
                half=story.half,
                group=DRAFT,
            )
            for story in sample.gold_stories()
            if len(story.files) >= _FEWEST_REPORTS
        ]
        for kind in CODES:
            made += [c for n, p in enumerate(passages()) if (c := _planted(kind, n, p)) is not None]
        return limited(made, self.options.cases or _CASES)

    def solve(self, case: Case) -> Solved:
        """What `digest check` says of the draft or paragraph."""
        if self._desk is None:
            self._desk = Desk(self.options)
        if case.group != DRAFT:
            return self._desk.check(case.input["markdown"])
        articles = [sample.articles()[file] for file in case.input["articles"]]
        draft = self._writer.draft(story_of(case.input["story"], articles), articles)
        checked = self._desk.check(bullet_markdown(draft.bullet))
        return replace(checked, usage=checked.usage + draft.usage)

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """The counts of a draft; of a paragraph, whether its fault was listed, and alone."""
        if case.group == DRAFT:
            worst = {**asdict(LinkCounts()), "links": 1, "sentences": 1, "twice": 1, "teasers": 1}
            counts = output["links"] if output is not None else worst
            good = counts["precise"] == counts["links"] == counts["anchored"]
            fine = good and counts["recalled"] == counts["sentences"] and not counts["twice"]
            return {**counts, PASSED: float(fine)}
        if output is None:
            return {"caught": 0.0, "alone": 0.0, PASSED: 0.0}
        found = list(_findings(output))
        if case.expected["code"] is None:
            return {"alone": float(not found), PASSED: float(not found)}
        start, end = case.expected["at"]
        there = [f for f in found if f["start"] < end and start < f["end"]]
        caught = any(f["code"] == case.expected["code"] for f in there)
        if case.group == WRONG_ARTICLE:  # what that article lacks is the sentence's to say
            claim = claim_at(output, start)
            there = [f for f in found if claim["start"] <= f["start"] < claim["end"]]
        alone = len(there) == len(found)
        return {"caught": float(caught), "alone": float(alone), PASSED: float(caught and alone)}

    def close(self) -> None:
        """Give the home back, and stop the writer."""
        self._writer.close()
        if self._desk is not None:
            self._desk.close()


def _findings(output: Json) -> Iterator[dict[str, Any]]:
    """All findings on a checked paragraph but those that only say where to look further."""
    yield from output["findings"]
    for claim in output["claims"]:
        levels = ("error", "warning", "suggestion")
        yield from (f for f in findings_of(claim, levels) if f["code"] != "nearest-support")


def _planted(kind: str, number: int, passage: Passage) -> Case | None:
    """The passage with a fault of this kind in a link; None where it does not allow one."""
    text = " ".join(w.text for w in passage.written)
    starts = [sum(len(w.text) + 1 for w in passage.written[:i]) for i in range(3)]
    spans = [(a, a + len(w.text)) for a, w in zip(starts, passage.written, strict=True)]
    made = _FAULTS[kind](text, spans, passage)
    if made is None:
        return None
    links, at = made
    return Case(
        id=f"{kind.replace(' ', '-')}-{number}",
        input={"markdown": bullet_markdown(Bullet("", text, tuple(links)))},
        expected={"code": CODES[kind], "at": list(at)},
        cluster=passage.file,
        half=passage.half,
        group=kind,
    )


# A paragraph's links, and where its fault should be listed.
Fault = tuple[list[Citation], Span] | None
_Plant = Callable[[str, Sequence[Span], Passage], Fault]


def _link(text: str, span: Span, article: Article, taken: Sequence[Span] = ()) -> Citation | None:
    """A link to an article on the word that states the event of a sentence."""
    inside = [(a - span[0], b - span[0]) for a, b in taken]
    anchor = choose_anchor(text[slice(*span)], None, inside)
    if anchor is None or anchor_class(text, span[0] + anchor[0], span[0] + anchor[1]) is None:
        return None
    return Citation(span[0] + anchor[0], span[0] + anchor[1], article.url or "", None)


def _untouched(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
    first = _link(text, spans[0], passage.article)
    open_page = passage.article.access == "open"
    return ([first], (0, 0)) if first is not None and open_page else None


def _moved(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
    """The anchor on a name, as in `[Tokyo]`."""
    for token in parse(text[slice(*spans[0])]):
        at = (token.idx, token.idx + len(token))
        if token.pos_ == "PROPN" and token.text.isalpha() and anchor_class(text, *at) is None:
            return _respanned(text, spans, passage, at)
    return None


def _clause(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
    return _respanned(text, spans, passage, (spans[0][0], spans[0][1] - 1))


def _respanned(text: str, spans: Sequence[Span], passage: Passage, at: Span) -> Fault:
    sound = _untouched(text, spans, passage)
    return None if sound is None else ([replace(sound[0][0], start=at[0], end=at[1])], at)


def _with_second(
    text: str, spans: Sequence[Span], passage: Passage, number: int, other: Article
) -> Fault:
    """A second link, in sentence `number`; the fault is there."""
    sound = _untouched(text, spans, passage)
    if sound is None:
        return None
    (first,) = sound[0]
    second = _link(text, spans[number], other, [(first.start, first.end)])
    return None if second is None else ([first, second], (second.start, second.end))


def _twice(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
    return _with_second(text, spans, passage, 1, passage.article)


def _idle(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
    other = nearest_elsewhere(text[slice(*spans[0])], passage.half)
    return _with_second(text, spans, passage, 0, other)


def _teaser(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
    first = _link(text, spans[0], passage.article)
    if first is None or passage.article.access != "teaser":
        return None
    return [first], (first.start, first.end)


def _wrong_article(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
    """The last sentence on the report of the same story that has fewest of its words.

    None where that report has most of them: it may well say the same.
    """
    story = next(s for s in sample.gold_stories() if passage.file in s.files)
    others = [sample.articles()[f] for f in story.files if f != passage.file]
    others = [a for a in others if a.language == "en" and a.access == "open" and a.url]
    said = terms(text[slice(*spans[2])])
    weights = Weights(terms(a.text) for a in (*others, passage.article))
    shares = {a: weights.coverage(said, terms(a.text)) for a in others}
    least = min(others, key=lambda a: shares[a], default=None)
    if least is None or shares[least] > _SAYS_LITTLE:
        return None
    return _with_second(text, spans, passage, 2, least)


def _no_link(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
    """The link in the second sentence only: the first has none to continue."""
    second = _link(text, spans[1], passage.article)
    open_page = passage.article.access == "open"
    return ([second], spans[0]) if second is not None and open_page else None


def _to(url: str) -> _Plant:
    def plant(text: str, spans: Sequence[Span], passage: Passage) -> Fault:
        made = _with_second(text, spans, passage, 2, passage.article)
        if made is None:
            return None
        (first, second), at = made
        return [first, replace(second, url=url)], at

    return plant


_FAULTS: Mapping[str, _Plant] = {
    UNTOUCHED: _untouched,
    "anchor on a name": _moved,
    "anchor on a clause": _clause,
    "linked twice": _twice,
    "idle link": _idle,
    "teaser": _teaser,
    WRONG_ARTICLE: _wrong_article,
    "no link": _no_link,
    "placeholder": _to("#"),
    "unknown page": _to(_UNKNOWN),
}
