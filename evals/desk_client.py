"""A desk served in a process of its own, and what a page of it asks for, for the benchmarks."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """The address of a desk over `home`, and the id of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    start = "from assistant.cli import main; main()"
    words = ["ui", "--port", port, "--home", str(home), "--model", "none"]
    server = subprocess.Popen(
        [sys.executable, "-c", start, *words], stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if "The desk is at" in line:
                break
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait()


def client_of(url: str) -> httpx.Client:
    """A client on the desk at `url`, with the headers that its page sends."""
    return httpx.Client(base_url=url, headers={"origin": url}, timeout=60, trust_env=False)


def form_of(view: dict[str, Any], text: str) -> dict[str, Any]:
    """What the page sends to save `text` in place of the bullet that `view` shows."""
    links = [{name: link[name] for name in ("start", "end", "url")} for link in view["links"]]
    headline = view["headline"]
    return {
        "based_on": view["revision"],
        "headline": headline,
        "text": text,
        "links": [link for link in links if link["end"] <= len(text)],
    }


def megabytes(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)
