"""The editor's desk: builds the page and serves it.

A handler reads its inputs, calls one function of `assistant` and shows the result.
The page keeps ids and numbers; the truth is in the database.
"""

from __future__ import annotations

import functools
import getpass
import html
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.desk import panes
from assistant.errors import AssistantError
from assistant.publish.markdown import bullet_markdown
from assistant.review import edit
from assistant.review.evidence import sources_of
from assistant.review.gate import FORMATS, blockers, export
from assistant.settings import Settings
from assistant.types import Bullet, Issue
from assistant.workspace import Workspace, open_workspace

LOOPBACK = ("127.0.0.1", "::1", "localhost")
EMPTY = (
    '<p class="soft">No issue yet. Ingest articles and draft one with <code>digest draft</code>, '
    "read in a past one with <code>digest import-issue</code>, or see <code>digest demo</code>.</p>"
)
# A click on a row of a pane chooses it; the row keeps the focus when the pane is drawn anew.
ROWS = """
let row = null;
element.addEventListener("click", event => {
  const button = event.target.closest("button[data-n]");
  if (button) { row = button.dataset.n; trigger("click", {n: Number(row)}); }
});
watch("value", () => {
  if (row !== null && document.activeElement === document.body)
    element.querySelector(`button[data-n="${row}"]`)?.focus({preventScroll: true});
});
"""
# Gradio's own `input` event comes with key presses only: not on paste, cut or deletion.
UNSAVED = """
document.addEventListener("input", event => {
  if (event.target.closest("#headline, #text"))
    props.value = '<span class="unsaved">Not saved</span>';
});
"""
# The browser asks before it leaves a page with words that are not saved.
HEAD = """<script>addEventListener("beforeunload", event => {
  if (document.querySelector(".unsaved")) event.preventDefault();
});</script>"""
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
PANE: dict[str, Any] = {"apply_default_css": False, "padding": False}


def reported(handler: Callable[..., Any]) -> Callable[..., Any]:
    """`handler`, whose AssistantErrors become a notice; what is on the screen stays."""

    @functools.wraps(handler)
    def wrapped(*values: Any) -> Any:
        try:
            return handler(*values)
        except AssistantError as error:
            raise gr.Error(html.escape(str(error)), None, print_exception=False) from error

    return wrapped


def build(opened: Callable[[], Workspace]) -> gr.Blocks:
    """The page; `opened` gives the workspace that its handlers work on."""
    page: gr.Blocks = gr.Blocks(title="Digest desk", analytics_enabled=False, fill_width=True)
    with page:
        issue_id, bullet_id = gr.State(""), gr.State("")
        based_on, claim = gr.State(0), gr.State(-1)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="issue"):
                issues = gr.Dropdown(label="Issue", elem_id="issues", interactive=True)
                bullets = gr.HTML(EMPTY, js_on_load=ROWS, elem_id="bullets", **PANE)
                blocking = gr.HTML(elem_id="blocking", **PANE)
                with gr.Column(elem_id="export"):
                    kind = gr.Radio(list(FORMATS), value="md", label="Format", elem_id="kind")
                    reason = gr.Textbox(label="Reason, if something blocks", elem_id="reason")
                    leave = gr.Button("Export", elem_id="leave")
                    file = gr.DownloadButton("Download", visible=False, elem_id="file")
            with gr.Column(elem_id="editor"):
                with gr.Row(elem_id="bar"):
                    state = gr.HTML(js_on_load=UNSAVED, elem_id="state", **PANE)
                    checking = gr.HTML(elem_id="checking", **PANE)
                    discard = gr.Button("Discard", elem_id="discard")
                    again = gr.Button("Check again", elem_id="again")
                    save = gr.Button("Save", variant="primary", elem_id="save")
                headline = gr.Textbox(label="Headline", elem_id="headline", max_lines=2)
                text = gr.Textbox(
                    label="Detail, in Markdown", elem_id="text", lines=4, max_lines=12
                )
                reading = gr.HTML(js_on_load=ROWS, elem_id="reading", **PANE)
            evidence = gr.HTML(elem_id="evidence", **PANE)

        ids = [issue_id, bullet_id]
        words = [headline, text, based_on]
        views = [bullets, blocking, reading, evidence, checking]
        whole = [*ids, *words, state, claim, *views]

        @reported
        def start() -> list[Any]:
            stored = opened().issues.list()[::-1]
            choices = [(_title(issue), issue.id) for issue in stored]
            if not stored:
                return [gr.update(choices=[]), *[gr.skip()] * len(whole)]
            return [gr.update(choices=choices, value=stored[0].id), *_open(opened(), stored[0])]

        @reported
        def turn(old: str, bullet: str, head: str, body: str, seen: int, new: str) -> list[Any]:
            if bullet:
                edit.save_bullet(opened(), old, bullet, head, body, _who(), seen)
            return _open(opened(), opened().issues.get(new))

        @reported
        def choose(
            issue: str, bullet: str, head: str, body: str, seen: int, event: gr.EventData
        ) -> list[Any]:
            saved = edit.save_bullet(opened(), issue, bullet, head, body, _who(), seen)
            return _open(opened(), saved, saved.bullets[event.n])

        @reported
        def keep(
            issue: str, bullet: str, head: str, body: str, seen: int, chosen: int
        ) -> list[Any]:
            saved = edit.save_bullet(opened(), issue, bullet, head, body, _who(), seen)
            number, line = _saved(opened(), bullet)
            return [number, line, *_views(opened(), saved, bullet, chosen)[:-1], "Checking…"]

        @reported
        def reopen(issue: str, bullet: str) -> list[Any]:
            stored = opened().issues.get(issue)
            return _open(opened(), stored, edit.find_bullet(stored, bullet))

        @reported
        def check(issue: str, bullet: str) -> None:
            edit.check_bullet(opened(), issue, bullet, _who())

        @reported
        def check_stale(issue: str, bullet: str) -> None:
            if bullet:
                edit.check_stale(opened(), issue, _who())

        @reported
        def refresh(issue: str, bullet: str, chosen: int) -> list[Any]:
            if not bullet:
                return [gr.skip()] * len(views)
            return _views(opened(), opened().issues.get(issue), bullet, chosen)

        @reported
        def show(issue: str, bullet: str, event: gr.EventData) -> list[Any]:
            return [event.n, *_views(opened(), opened().issues.get(issue), bullet, event.n)]

        @reported
        def send(issue: str, format: str, why: str) -> Any:
            work = opened()
            out = work.settings.outputs / f"{issue}.{format}"
            path = export(
                work.issues.get(issue), format, out, work.database, _who(), why.strip() or None
            )
            gr.Info(html.escape(f"Saved {path}"))
            return gr.update(value=str(path), label=f"Download {path.name}", visible=True)

        checks: dict[str, Any] = {"concurrency_id": "check", "concurrency_limit": 1, **QUIET}
        now = [*ids, claim]
        for turned in (
            page.load(start, None, [issues, *whole], **QUIET),
            issues.input(turn, [*ids, *words, issues], whole, **QUIET),
            bullets.click(choose, [*ids, *words], whole, **QUIET),
        ):
            # Where a step failed, the list of issues shows again the one that is open.
            turned.then(lambda name: name or None, issue_id, issues, **QUIET)
            turned.success(check_stale, ids, None, **checks).then(refresh, now, views, **QUIET)
        for button, checked in ((save, check_stale), (again, check), (leave, check_stale)):
            kept = button.click(keep, [*ids, *words, claim], [based_on, state, *views], **QUIET)
            done = kept.success(checked, ids, None, **checks).then(refresh, now, views, **QUIET)
            if button is leave:
                done.success(send, [issue_id, kind, reason], file, **QUIET)
        discard.click(reopen, ids, whole, **QUIET)
        reading.click(show, ids, [claim, *views], trigger_mode="always_last", **QUIET)
    page.queue(default_concurrency_limit=8)
    return page


def _title(issue: Issue) -> str:
    past = ", past issue" if issue.writer == "imported" else ""
    return f"{issue.volume}.{issue.number}, {issue.date.day} {issue.date:%B %Y}{past}"


def _open(work: Workspace, issue: Issue, bullet: Bullet | None = None) -> list[Any]:
    """Values of all that shows a bullet, by default the first: ids, words, state, claim, views."""
    if not issue.bullets:
        return [issue.id, "", "", "", 0, "", -1, EMPTY, "", "", "", ""]
    bullet = bullet or issue.bullets[0]
    number, line = _saved(work, bullet.id)
    words = [bullet.headline, bullet_markdown(bullet), number, line]
    doubtful = (n for n, c in enumerate(bullet.claims) if panes.sign_of(c) != "supported")
    chosen = next(doubtful, 0)
    return [issue.id, bullet.id, *words, chosen, *_views(work, issue, bullet.id, chosen)]


def _views(work: Workspace, issue: Issue, bullet_id: str, chosen: int) -> list[str]:
    """The panes that only show: bullets, what blocks, the bullet as saved, evidence."""
    bullet = edit.find_bullet(issue, bullet_id)
    claim = bullet.claims[chosen] if 0 <= chosen < len(bullet.claims) else None
    sources = sources_of(work, bullet_id, claim) if claim else []
    blocking = blockers(issue)
    return [
        panes.bullets_pane(issue, bullet_id, blocking),
        panes.blocking_pane(blocking),
        panes.reading_pane(bullet, chosen),
        panes.evidence_pane(claim, sources),
        "",
    ]


def _saved(work: Workspace, bullet_id: str) -> tuple[int, str]:
    """Number of the newest revision, and the line that says who saved it and when."""
    revision = edit.newest(work, bullet_id)
    at = f"{revision.saved_at.astimezone():%d %b %H:%M}"
    return revision.number, (
        f"<b>Revision {revision.number}</b> saved by {panes.escape(revision.author)}, {at}"
    )


def _who() -> str:
    return getpass.getuser()


def theme() -> gr.themes.Base:
    """Gradio's parts without their boxes; colours are in `desk.css`."""
    plain = gr.themes.Base(
        neutral_hue="stone",
        text_size="sm",
        spacing_size="sm",
        radius_size="none",
        font=["system-ui", "Segoe UI", "DejaVu Sans", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return plain.set(block_border_width="0px", block_shadow="none", layout_gap="0px")


def launch(host: str, port: int, home: Path | None, model: str | None) -> None:
    """Serve the desk until it is interrupted.

    Raises AssistantError where the port cannot be had or the home cannot be opened.
    """
    given = {k: v for k, v in {"home": home, "model": model}.items() if v is not None}
    settings = Settings(**given)  # type: ignore[arg-type]
    with open_workspace(settings) as work:
        page = build(lambda: work)
        try:
            _, url, _ = page.launch(
                server_name=host,
                server_port=port,
                share=False,
                quiet=True,
                prevent_thread_lock=True,
                ssr_mode=False,
                run_history=False,
                footer_links=[],
                max_file_size="1mb",
                allowed_paths=[str(settings.outputs.resolve())],
                theme=theme(),
                css_paths=[Path(panes.__file__).parent / "static" / "desk.css"],
                head=HEAD,
            )
        except OSError as error:
            raise AssistantError(
                f"The desk cannot listen on {host}, port {port}; choose another with --port."
            ) from error
        print(f"The desk is at {url}; Ctrl+C ends it.", file=sys.stderr, flush=True)
        if host not in LOOPBACK:
            print(f"Anyone who can reach {host} can edit there.", file=sys.stderr, flush=True)
        page.block_thread()
