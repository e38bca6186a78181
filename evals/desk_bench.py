"""How fast the desk answers, and whether it loses a word when ten editors write at once.

`python -m evals.desk_bench` fills a home with the sample corpus, changed copies of it and
past issues, serves it with `digest ui`, and prints one JSON object; what it is at, and each
part's figures as they come, go to standard error. Times are those that a client on the same
machine sees. With 10,000 articles it takes some ten minutes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from assistant import resources
from assistant.pipeline import Request, default_window, draft_issue
from assistant.publish.read_issue import read_issue
from assistant.workspace import Workspace, open_workspace
from evals.bullet_costs import settings
from evals.desk_client import client_of, form_of, megabytes, served
from evals.desk_memory import measure_memory
from evals.throughput import SEED, changed_copy, words_of

_console = Console(stderr=True, highlight=False)
DAY = dt.date(2023, 7, 28)
EDITORS = 10
# Between two saves of one editor: the page saves at most every second and a half.
_THINK_SECONDS = 1.0


@dataclass
class Times:
    """Milliseconds of one kind of request, and what went wrong."""

    taken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Count, p50 and p95 in milliseconds, and the errors."""
        cuts = statistics.quantiles(self.taken, n=20, method="inclusive")
        return {
            "requests": len(self.taken),
            "p50_ms": round(cuts[9], 1),
            "p95_ms": round(cuts[18], 1),
            "errors": self.errors[:5],
        }


def build_home(home: Path, articles: int, issues: int) -> list[str]:
    """The sample corpus with copies up to `articles`, past `issues`, and two drafts' ids."""
    chance = random.Random(SEED)
    with open_workspace(settings(home, "none")) as work:
        sample = resources.sample_corpus()
        work.ingest.run([str(sample / "articles")])
        originals = list(work.articles.list())
        files = sorted((sample / "issues").glob("*.md"))
        past = [read_issue(file.read_text(encoding="utf-8"), file.name) for file in files]
        for number in range(issues):
            issue = past[number % len(past)]
            old = dt.date(2020, 1, 1) + dt.timedelta(days=14 * number)
            work.issues.save(replace(issue, volume=1, number=number + 1, date=old), "import")
        drafts = [_draft(work, number) for number in (14, 15)]
        words = words_of(originals)
        english = [a for a in originals if a.language == "en"]
        for number in range(1, 1 + (articles - len(originals)) // len(english) + 1):
            for article in english:
                copy = changed_copy(article, number, words, chance)
                year = dt.date(2021, 1, 1) + dt.timedelta(days=number)
                work.retriever.index(replace(copy, published_on=year))
        work.retriever.catch_up()
    return drafts


def _draft(work: Workspace, number: int) -> str:
    window = default_window(DAY, None)
    around = work.articles.list(window.since, window.until)
    request = Request(2, number, DAY, window)
    issue = draft_issue(request, around, (), work.verifier(None))
    return work.issues.save(issue, "assistant").id


def measure_actions(url: str, issue: str, rounds: int) -> dict[str, Any]:
    """Save, search, evidence and switch of bullet, one client, one after another."""
    with client_of(url) as client:
        bullets = [b["id"] for b in client.get(f"/api/issues/{issue}").json()["bullets"]]
        kinds = {name: Times() for name in ("save", "search", "evidence", "switch", "list")}
        queries = ["export controls on chips", "space talks Yokota", "Camp David summit", "北朝鮮"]
        for number, bullet in zip(range(rounds), itertools.cycle(bullets), strict=False):
            place = f"/api/issues/{issue}/bullets/{bullet}"
            view = _timed(kinds["switch"], partial(client.get, place)).json()
            claim = number % len(view["claims"])
            evidence = f"{place}/claims/{claim}/evidence"
            _timed(kinds["evidence"], partial(client.get, evidence))
            form = form_of(view, f"{view['text'].split(' Round ')[0]} Round {number}.")
            _timed(kinds["save"], partial(client.put, place, json=form))
            query = {"q": queries[number % len(queries)]}
            _timed(kinds["search"], partial(client.get, "/api/articles", params=query))
            _timed(kinds["list"], partial(client.get, "/api/articles", params={"limit": 100}))
    return {name: times.summary() for name, times in kinds.items()}


def simulate_editors(url: str, issues: Sequence[str], seconds: float) -> dict[str, Any]:
    """Ten editors, each on a bullet of their own, who write, save and read what was checked.

    `lost` are the bullets whose newest text is not what their editor last saved.
    """
    with client_of(url) as client:
        own = [
            (issue, bullet["id"])
            for issue in issues
            for bullet in client.get(f"/api/issues/{issue}").json()["bullets"]
        ][:EDITORS]
        saves, reads = Times(), Times()
        last: dict[str, str] = {}
        until = time.monotonic() + seconds
        editors = [
            threading.Thread(target=_edit, args=(url, place, until, saves, reads, last))
            for place in own
        ]
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
        newest = {
            bullet: client.get(f"/api/issues/{issue}/bullets/{bullet}").json()["text"]
            for issue, bullet in own
        }
        lost = [bullet for bullet, text in newest.items() if text != last.get(bullet)]
    return {
        "editors": len(own),
        "seconds": seconds,
        "save": saves.summary(),
        "read": reads.summary(),
        "lost": lost,
    }


def _edit(
    url: str,
    place: tuple[str, str],
    until: float,
    saves: Times,
    reads: Times,
    last: dict[str, str],
) -> None:
    issue, bullet = place
    path = f"/api/issues/{issue}/bullets/{bullet}"
    with client_of(url) as client:
        view = client.get(path).json()
        begun = view["text"].split(" Round ")[0]
        for number in itertools.count():
            text = f"{begun} Round {number}."
            answer = _timed(saves, partial(client.put, path, json=form_of(view, text)))
            if answer.is_success:
                last[bullet] = text
            view = _timed(reads, partial(client.get, path)).json()
            if time.monotonic() > until:
                return
            time.sleep(_THINK_SECONDS)


def _timed(times: Times, ask: Callable[[], httpx.Response]) -> httpx.Response:
    begun = time.perf_counter()
    answer = ask()
    times.taken.append((time.perf_counter() - begun) * 1000)
    if not answer.is_success:
        times.errors.append(f"{answer.status_code} {answer.text[:200]}")
    return answer


def measure_first_screen(url: str, visits: int = 5) -> list[float]:
    """Seconds until a fresh Chromium shows the first bullet and its evidence."""
    from playwright.sync_api import sync_playwright

    found = next(p for n in ("chromium", "chromium-browser", "chrome") if (p := shutil.which(n)))
    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for _ in range(visits):
            context = browser.new_context()
            page = context.new_page()
            begun = time.perf_counter()
            page.goto(url)
            page.wait_for_selector("#desk[data-ready=yes]")
            taken.append(round(time.perf_counter() - begun, 2))
            context.close()
        browser.close()
    return taken


def main() -> None:
    """Build, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--issues", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    figures: dict[str, Any] = {"articles": options.articles, "issues": options.issues}

    def part(name: str, measure: Callable[[], Any]) -> Any:
        with _console.status(name.replace("_", " ")):
            figures[name] = measure()
        _console.print(f"{name}: {json.dumps(figures[name], ensure_ascii=False)}", soft_wrap=True)
        return figures[name]

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        begun = time.perf_counter()
        drafts = build_home(home, options.articles, options.issues)
        part("build_seconds", lambda: round(time.perf_counter() - begun, 1))
        with served(home) as (url, pid):
            part("first_screen_seconds", lambda: measure_first_screen(url))
            part("actions", lambda: measure_actions(url, drafts[0], options.rounds))
            part("editors", lambda: simulate_editors(url, drafts, options.seconds))
        # A server of its own: what the editors above left is not part of the hour.
        with served(home) as (url, pid), client_of(url) as client:
            part("memory", lambda: measure_memory(client, drafts[0], lambda: megabytes(pid)))
    print(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
