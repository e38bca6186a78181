"""Commands on what is stored: ingest, import-issue, list, show, remove, search, reindex."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from assistant.cli import records
from assistant.cli.options import DAY, answer, common, fail, working, workspace
from assistant.errors import IngestError, StoreError


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--url", help="Public address of a pasted text (`-`).")
@click.option("--title", help="Title of a pasted text.")
@click.option("--publisher", help="Publisher of a pasted text.")
@click.option("--published-on", help="Day a pasted text was published, YYYY-MM-DD.")
@click.option("--kind", help="official, wire, press or other.")
@click.option("--access", help="open, teaser or paywalled.")
@click.option("--language", help="en, ja, ...")
@common
def ingest(
    sources: tuple[str, ...],
    home: Path | None,
    model: str | None,
    as_json: bool,
    **about: str | None,
) -> None:
    """Read articles from files, folders, URLs, or `-` (pasted text) into the corpus."""
    fields = {k: v for k, v in about.items() if v is not None}
    if fields and "-" not in sources:
        raise click.UsageError("--url, --title and the like describe a pasted text; add `-`.")
    from assistant.ingest.reading import MAX_BYTES, Pasted

    with workspace(home, model) as work, working("Reading") as step:
        # As bytes: in another encoding they must be refused, not stored as nonsense.
        given = [
            Pasted(sys.stdin.buffer.read(MAX_BYTES + 1), fields) if s == "-" else s for s in sources
        ]
        report = work.ingest.run(given, lambda name: step(f"Read {name}"))
        work.retriever.catch_up()
    record = report.as_json()
    done = len(report.added) + len(report.updated) + len(report.unchanged) + len(report.duplicates)
    if not done:
        reasons = "; ".join(f"{f.source}: {f.reason}" for f in report.failed)
        fail(IngestError.code, reasons or "Nothing was given to read.", 1, as_json, **record)
    answer(record, as_json, lambda: _ingested(record))


def _ingested(record: dict[str, Any]) -> str:
    counts = ", ".join(
        f"{len(record[key])} {key}"
        for key in ("added", "updated", "unchanged", "duplicates", "failed")
        if record[key]
    )
    lines = [counts]
    lines += [f"  failed: {f['source']}: {f['reason']}" for f in record["failed"]]
    lines += [f"  duplicate: {d['source']} reprints {d['of']}" for d in record["duplicates"]]
    lines += [f"  {warning}" for warning in record["warnings"]]
    return "\n".join(lines)


@click.command("import-issue")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@common
def import_issue(
    files: tuple[Path, ...], home: Path | None, model: str | None, as_json: bool
) -> None:
    """Read past issues in the house's Markdown, as examples and to see what was told."""
    from assistant.ingest.reading import read_own
    from assistant.publish.read_issue import read_issue

    issues = [read_issue(read_own(file), str(file)) for file in files]
    with workspace(home, model) as work:
        stored = [work.issues.save(issue, author="import") for issue in issues]
    record = {"issues": [records.imported(i) for i in stored]}
    answer(
        record,
        as_json,
        lambda: "\n".join(
            f"Vol: {i.volume}.{i.number}, {i.date}: {len(i.bullets)} bullets" for i in stored
        ),
    )


@click.command("list")
@click.argument("what", type=click.Choice(["articles", "issues"]))
@common
def list_(what: str, home: Path | None, model: str | None, as_json: bool) -> None:
    """List the articles or the issues that are stored."""
    with workspace(home, model) as work:
        if what == "articles":
            articles = work.articles.list()
            rows = [{k: v for k, v in records.article(a).items() if k != "text"} for a in articles]
            text = "\n".join(
                f"{a.published_on or 'undated   '}  {a.kind:8}  {a.id}  {a.title}" for a in articles
            )
        else:
            issues = work.issues.list()
            rows = [records.imported(i) for i in issues]
            text = "\n".join(
                f"{i.date}  {i.id}  Vol: {i.volume}.{i.number}, {len(i.bullets)} bullets"
                for i in issues
            )
    answer({what: rows}, as_json, lambda: text or f"There are no {what} yet.")


@click.command()
@click.argument("what", type=click.Choice(["article", "issue"]))
@click.argument("id")
@common
def show(what: str, id: str, home: Path | None, model: str | None, as_json: bool) -> None:
    """Show an article with its text, or an issue with its claims."""
    from assistant.publish.markdown import to_markdown

    with workspace(home, model) as work:
        if what == "article":
            article = work.articles.get(id)
            head = f"{article.title}\n{article.publisher}, {article.published_on}\n{article.url}"
            answer(records.article(article), as_json, lambda: f"{head}\n\n{article.text}")
        else:
            issue = work.issues.get(id)
            # Also of articles that were removed or changed since: an address stays the same.
            record = records.issue(
                issue, lambda name: work.articles.get_version(name, 1), work.issues.quotes
            )
            answer(record, as_json, lambda: to_markdown(issue))


@click.command()
@click.argument("what", type=click.Choice(["article"]))
@click.argument("id")
@common
def remove(what: str, id: str, home: Path | None, model: str | None, as_json: bool) -> None:
    """Remove an article from the corpus; claims that rest on it keep their quotes."""
    with workspace(home, model) as work:
        work.articles.remove(id)
        work.retriever.catch_up()
    answer({"removed": id}, as_json, lambda: f"Removed {id}.")


@click.command()
@click.argument("query")
@click.option("--k", default=10, type=click.IntRange(1, 200), help="How many passages.")
@click.option("--since", type=DAY, help="First day, YYYY-MM-DD.")
@click.option("--until", type=DAY, help="Last day, YYYY-MM-DD.")
@common
def search(
    query: str,
    k: int,
    since: dt.datetime | None,
    until: dt.datetime | None,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Find the passages of the corpus that bear on QUERY."""
    with workspace(home, model) as work:
        if not work.articles.count():
            raise StoreError("The corpus is empty; add articles with `digest ingest`.")
        found = work.retriever.search(
            query, k, since.date() if since else None, until.date() if until else None
        )
        record = {"hits": [records.hit(h, work.articles.get) for h in found]}
    answer(record, as_json, lambda: "\n\n".join(_hit(h) for h in record["hits"]) or "No hits.")


def _hit(h: dict[str, Any]) -> str:
    return f"{h['score']:.3f}  {h['title']} ({h['published_on']})\n{h['url']}\n{h['quote']}"


@click.command()
@common
def reindex(home: Path | None, model: str | None, as_json: bool) -> None:
    """Cut, index and embed every article again, as after a change of embedding model."""
    with workspace(home, model) as work, working("Indexing"):
        work.retriever.rebuild()
        count = work.articles.count()
    answer({"articles": count}, as_json, lambda: f"Indexed {count} articles.")


COMMANDS = [ingest, import_issue, list_, show, remove, search, reindex]
