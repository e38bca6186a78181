"""Whether the desk's memory stays flat through an hour's worth of an editor's actions.

The hour is that of an editor before sign-off. Typing for twenty minutes saves 400 times, and
each save is checked; between them the editor looks at the evidence of 400 claims, searches 120
times, changes to another bullet 120 times, reads the history and the repairs 40 times each;
the page asks 600 times how things stand, every six seconds. All of it runs back to back, in
`ROUNDS` rounds of the same mixture, and the server's resident memory is read after each.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import httpx
import numpy as np
from scipy.stats import linregress, t

from evals.desk_client import form_of

ROUNDS = 40
# Before the hour: caches of parses and articles fill up, ten articles a round, to what they keep.
WARM_UP = 60
# Neighbouring samples are alike, so that the interval is that of a line through means of so many.
_BLOCK = 5
# Of the memory at the beginning, an hour: a week of forty hours would not double it.
ALLOWED = 1 / 40
QUERIES = ("export controls on chips", "space talks Yokota", "Camp David summit")
_CHECK_SECONDS = 60.0

Verdict = Literal["flat", "grows", "undecided"]


def measure_memory(
    client: httpx.Client, issue: str, megabytes: Callable[[], float]
) -> dict[str, Any]:
    """Resident megabytes through the hour, their slope an hour with its 95 % interval, a verdict.

    `client` edits the draft `issue`; `megabytes` reads the memory of the server that answers it.
    """
    hour = rounds(client, issue)
    for _ in range(WARM_UP):
        next(hour)
    samples, actions = [megabytes()], [0]
    for _ in range(ROUNDS):
        actions.append(actions[-1] + next(hour))
        samples.append(megabytes())
    return {
        "actions": actions[-1],
        "megabytes": samples,
        **trend(actions[1:], samples[1:], actions[-1]),
    }


def trend(actions: Sequence[int], megabytes: Sequence[float], per_hour: float) -> dict[str, Any]:
    """The slope of memory over actions, in megabytes for `per_hour` of them, and what it says.

    `flat` where the whole interval lies below what is allowed, `grows` where it lies above.
    """
    blocks = len(actions) // _BLOCK
    x, y = (
        np.array([part.mean() for part in np.array_split(np.asarray(values, float), blocks)])
        for values in (actions, megabytes)
    )
    line = linregress(x, y)
    wide = float(t.ppf(0.975, blocks - 2)) * line.stderr
    low, slope, high = (per_hour * (line.slope + by) for by in (-wide, 0.0, wide))
    allowed = ALLOWED * megabytes[0]
    verdict: Verdict = "flat" if high < allowed else "grows" if low > allowed else "undecided"
    return {
        "mb_per_hour": round(slope, 2),
        "low": round(low, 2),
        "high": round(high, 2),
        "allowed": round(allowed, 2),
        "verdict": verdict,
    }


def rounds(client: httpx.Client, issue: str) -> Iterator[int]:
    """Each step does a fortieth of the hour and gives the number of its actions."""
    ids = [bullet["id"] for bullet in _get(client, f"/api/issues/{issue}")["bullets"]]
    bullets, queries = itertools.cycle(ids), itertools.cycle(QUERIES)
    for number in itertools.count():
        done = 0
        for _ in range(3):  # to another bullet, a search
            place = f"/api/issues/{issue}/bullets/{next(bullets)}"
            _get(client, f"/api/issues/{issue}")
            view = _get(client, place)
            _get(client, "/api/articles", q=next(queries))
            done += 2
        for save in range(10):  # typed, checked, and the evidence of a claim looked at
            begun = view["text"].split(" Round ")[0]
            form = form_of(view, f"{begun} Round {number} of {save}.")
            answer = client.put(place, json=form)
            answer.raise_for_status()
            view = _checked(client, place)
            _get(client, f"{place}/claims/{save % len(view['claims'])}/evidence")
            done += 3
        for _ in range(15):  # how things stand
            _get(client, f"/api/issues/{issue}")
            _get(client, place)
            done += 1
        last = len(view["claims"]) - 1
        for what in ("history", f"claims/{last}/repairs"):
            _get(client, f"{place}/{what}")
            done += 1
        yield done


def _checked(client: httpx.Client, place: str) -> dict[str, Any]:
    """The bullet once its check is done, asked for as the page does."""
    until = time.monotonic() + _CHECK_SECONDS
    while (view := _get(client, place))["checking"]:
        if time.monotonic() > until:
            raise TimeoutError(f"{place} was not checked in {_CHECK_SECONDS:.0f} seconds.")
        time.sleep(0.05)
    return view


def _get(client: httpx.Client, path: str, **query: str) -> dict[str, Any]:
    answer = client.get(path, params=query)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found
