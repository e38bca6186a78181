"""The editor's desk: the page that Gradio serves, and the server around it.

The page is one skeleton (`assistant/desk/static/shell.html`) that the modules beside it
fill. What they ask for and save goes over the routes in `assistant/desk/routes/`.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI

from assistant.desk.app import LOOPBACK, STATIC, create_app
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.store.people import People
from assistant.workspace import Workspace, open_workspace

# Not through Gradio's own `css_paths`, which rewrites every rule.
_HEAD = """<link rel="stylesheet" href="/static/desk.css">
<link rel="preload" href="/static/fonts/source-serif-4-latin-400-normal.woff2" as="font"
  type="font/woff2" crossorigin>"""
_START = 'import("/static/main.js").then((desk) => desk.start());'


def build() -> gr.Blocks:
    """The page. Its skeleton has no placeholder, so that Gradio never draws it anew."""
    page: gr.Blocks = gr.Blocks(title="Digest desk", analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(
            "",
            html_template=(STATIC / "shell.html").read_text(encoding="utf-8"),
            js_on_load=_START,
            apply_default_css=False,
            padding=False,
        )
    return page


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


def mount(app: FastAPI) -> None:
    """Put the page under `/desk`; whom the guard let in is signed in to Gradio too."""
    gr.mount_gradio_app(
        app,
        build(),
        path="/desk",
        auth_dependency=lambda request: request.state.user,
        ssr_mode=False,
        run_history=False,
        footer_links=[],
        max_file_size="1mb",
        theme=theme(),
        head=_HEAD,
    )


def launch(host: str, port: int, home: Path | None, model: str | None) -> None:
    """Serve the desk until it is interrupted.

    Raises AssistantError where the port cannot be had, the home cannot be opened, or
    others could come in without signing in.
    """
    # Checks compute for long in a thread of their own; at the usual 5 ms a turn, a save, which
    # waits for the database many times over, would wait for them at each.
    sys.setswitchinterval(0.0005)
    given = {k: v for k, v in {"home": home, "model": model}.items() if v is not None}
    settings = Settings(**given)  # type: ignore[arg-type]
    with open_workspace(settings) as work:
        _refuse_strangers(work, host)
        # Opened here, by one thread: routes, checks and jobs then find them open.
        _ = (work.ingest, work.chat)
        app = create_app(work)
        mount(app)
        config = uvicorn.Config(
            app, log_level="warning", server_header=False, timeout_graceful_shutdown=3
        )
        with _listening(host, port) as listening:
            name = f"[{host}]" if ":" in host else host
            address = f"http://{name}:{listening.getsockname()[1]}/"
            print(f"The desk is at {address}; Ctrl+C ends it.", file=sys.stderr, flush=True)
            uvicorn.Server(config).run(sockets=[listening])


def _refuse_strangers(work: Workspace, host: str) -> None:
    if host not in LOOPBACK and not People(work.database).any():
        raise AssistantError(
            f"Anyone who can reach {host} could edit there. Add those who may with "
            "`digest user add NAME` first; then everybody has to sign in."
        )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)  # a browser that comes before the server is up waits
    except OSError as error:
        listening.close()
        raise AssistantError(
            f"The desk cannot listen on {host}, port {port}; choose another with --port."
        ) from error
    return listening
