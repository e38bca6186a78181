"""Commands on the main path: stories, draft, export, demo."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import records
from assistant.cli.options import DAY, answer, common, notes, working, workspace
from assistant.errors import ModelError
from assistant.types import Window

if TYPE_CHECKING:
    from assistant.llm.chat import Chat
    from assistant.pipeline import Request
    from assistant.types import Issue
    from assistant.workspace import Workspace

DEMO_DATE = dt.date(2023, 7, 28)
_WRITER = click.option(
    "--writer",
    type=click.Choice(["auto", "model", "extractive"]),
    default="auto",
    help="Who writes: the model, or the sources' own sentences; auto takes the model if any.",
)
_SINCE_HELP = "First day of the window; by default three days before the last issue."


@click.command()
@click.option("--since", type=DAY, help="First day, YYYY-MM-DD.")
@click.option("--until", type=DAY, help="Last day, YYYY-MM-DD.")
@common
def stories(
    since: dt.datetime | None,
    until: dt.datetime | None,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """List the candidate stories of a window, best first, with the reason why."""
    from assistant.stories import find_stories

    with workspace(home, model) as work:
        articles = work.articles.list(
            since.date() if since else None, until.date() if until else None
        )
        told = [(b.id, b) for issue in work.issues.list() for b in issue.bullets]
        found = find_stories(articles, told)
        record = {"stories": [records.story(s, work.articles.get) for s in found]}
    answer(
        record, as_json, lambda: "\n\n".join(_story(s) for s in record["stories"]) or "No stories."
    )


def _story(s: dict[str, Any]) -> str:
    articles = "\n".join(f"    {a['article_id']}" for a in s["articles"])
    return f"{s['score']:.2f}  {s['id']}  {s['title']}\n    {s['why']}\n{articles}"


@click.command()
@click.option("--volume", type=click.IntRange(1), help="By default the last issue's.")
@click.option("--number", type=click.IntRange(1), help="By default the one after the last issue's.")
@click.option("--date", type=DAY, help="Day of the issue; by default today.")
@click.option("--since", type=DAY, help=_SINCE_HELP)
@click.option("--until", type=DAY, help="Last day of the window; by default the issue's day.")
@click.option(
    "--stories", "story_ids", multiple=True, help="Ids of the stories to draft, in order."
)
@click.option("--bullets", default=5, type=click.IntRange(1, 20), help="How many bullets.")
@_WRITER
@common
def draft(
    volume: int | None,
    number: int | None,
    date: dt.datetime | None,
    since: dt.datetime | None,
    until: dt.datetime | None,
    story_ids: tuple[str, ...],
    bullets: int,
    writer: str,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Draft an issue: find its stories, write, link and check each bullet."""
    from assistant.pipeline import Request, default_window

    with workspace(home, model) as work:
        day = date.date() if date else dt.date.today()
        last = work.issues.last_before(day)
        usual = default_window(day, last)
        window = Window(
            since.date() if since else usual.since, until.date() if until else usual.until
        )
        if window.since > window.until:
            raise click.UsageError(
                f"The window ends ({window.until}) before it begins ({window.since})."
            )
        ids = tuple(i for given in story_ids for i in given.replace(",", " ").split())
        request = Request(
            volume or (last.volume if last else 1),
            number or (last.number + 1 if last else 1),
            day,
            window,
            bullets,
            ids,
        )
        issue = _draft(work, request, writer)
        record = records.issue(issue, work.articles.get)
    answer(record, as_json, lambda: _summary(issue))


def _draft(work: Workspace, request: Request, writer: str) -> Issue:
    from assistant.pipeline import draft_issue

    chat = _chat(work, writer)
    articles = work.articles.list(request.window.since, request.window.until)
    past = [i for i in work.issues.list() if i.date < request.date and i.writer == "imported"]
    with working("Drafting") as step:
        issue = draft_issue(
            request,
            articles,
            past,
            work.verifier(chat),
            chat if writer != "extractive" else None,
            step,
        )
    return work.issues.save(issue, author="assistant", note="drafted")


def _chat(work: Workspace, writer: str) -> Chat | None:
    chat = work.chat
    if chat is None and writer == "model":
        raise ModelError(
            "No model is at hand; run `digest model pull`, or use --writer extractive."
        )
    notes.print(f"Model: {chat.name if chat else 'none (extractive writer)'}", markup=False)
    return chat


def _summary(issue: Issue) -> str:
    from assistant.publish.markdown import to_markdown
    from assistant.verify.claims import verdict_counts

    counts = ", ".join(f"{n} {name}" for name, n in verdict_counts(issue.bullets).items() if n)
    use = issue.usage
    lines = [to_markdown(issue).strip(), "", f"Id: {issue.id}", f"Claims: {counts}"]
    for n, bullet in enumerate(issue.bullets, 1):
        for c in bullet.claims:
            lines += [f"  bullet {n}, {f.code}: {f.message}" for f in c.verdict.findings]
        for f in bullet.findings:
            lines.append(f"  bullet {n}, {f.level}: {f.message}")
    lines += [f"Note: {warning}" for warning in issue.warnings]
    lines.append(
        f"Tokens: {use.prompt_tokens} in ({use.cached_tokens} cached), "
        f"{use.completion_tokens} out; cost ${use.cost:.4f}; {use.seconds:.1f} s"
    )
    return "\n".join(lines)


@click.command()
@click.argument("issue_id")
@click.option(
    "--format", type=click.Choice(["md", "html"]), default="md", help="Markdown or a web page."
)
@click.option("--out", type=click.Path(path_type=Path), help="By default in the home's `issues`.")
@click.option("--override", help="Reason to export although something blocks; it is logged.")
@common
def export(
    issue_id: str,
    format: str,
    out: Path | None,
    override: str | None,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Write an issue as Markdown or HTML, unless a claim or a style error blocks it."""
    from assistant.review.gate import export as export_issue

    with workspace(home, model) as work:
        issue = work.issues.get(issue_id)
        target = out or work.settings.outputs / f"{issue.id}.{format}"
        saved = export_issue(issue, format, target, work.database, getpass.getuser(), override)
    answer({"saved": str(saved)}, as_json, lambda: f"Saved {saved}")


@click.command()
@_WRITER
@common
def demo(writer: str, home: Path | None, model: str | None, as_json: bool) -> None:
    """Load the sample corpus, draft an issue from it, and save it as Markdown and HTML."""
    from assistant import resources
    from assistant.pipeline import Request, default_window
    from assistant.publish.html import to_html
    from assistant.publish.markdown import to_markdown
    from assistant.publish.read_issue import read_issue
    from assistant.publish.save import save
    from assistant.verify.claims import verdict_counts

    with workspace(home, model) as work:
        sample = resources.sample_corpus()
        with working("Reading the sample corpus"):
            report = work.ingest.run([str(sample / "articles")])
            for file in sorted((sample / "issues").glob("*.md")):
                issue = read_issue(file.read_text(encoding="utf-8"), file.name)
                work.issues.save(issue, author="demo")
            work.retriever.catch_up()
        for failure in report.failed:
            notes.print(f"{failure.source}: {failure.reason}", markup=False)
        last = work.issues.last_before(DEMO_DATE)
        request = Request(2, 14, DEMO_DATE, default_window(DEMO_DATE, last))
        drafted = _draft(work, request, writer)
        folder = work.settings.outputs
        saved = {
            "md": str(save(folder / f"{drafted.id}.md", to_markdown(drafted))),
            "html": str(save(folder / f"{drafted.id}.html", to_html(drafted))),
        }
        record = records.issue(drafted, work.articles.get)
    record |= {"saved": saved, "verdicts": dict(verdict_counts(drafted.bullets))}
    answer(record, as_json, lambda: f"{_summary(drafted)}\nSaved: {saved['md']}, {saved['html']}")


COMMANDS = [stories, draft, export, demo]
