"""Charts as inline SVG. Colours come from the page's style, so that they follow light and dark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 340, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 14, 14, 24
_SIDE = 320
_DOT = 4.0


@dataclass(frozen=True)
class Point:
    """A figure of a run with its interval; `call` is what it was called against the run before."""

    label: str
    value: float
    low: float
    high: float
    call: str = "undecided"


@dataclass(frozen=True)
class Bin:
    """Claims of about one score: their mean score, the share supported, its interval."""

    score: float
    share: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Spot:
    """A way of writing: what a bullet takes in seconds, and how good it is."""

    label: str
    seconds: float
    value: float
    low: float
    high: float


def runs(points: Sequence[Point], title: str) -> str:
    """A figure over runs, oldest left: the line, its intervals as a band, the calls as marks."""
    floor, top = _domain([p.low for p in points], [p.high for p in points])

    def x(i: int) -> float:
        span = _WIDTH - _LEFT - _RIGHT
        return _LEFT + span * (i / (len(points) - 1) if len(points) > 1 else 0.5)

    def y(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (top - value) / (top - floor)

    parts = [_grid(floor, top, y)]
    if len(points) > 1:
        upper = [f"{x(i):.1f},{y(p.high):.1f}" for i, p in enumerate(points)]
        lower = [f"{x(i):.1f},{y(p.low):.1f}" for i, p in enumerate(points)]
        parts.append(f'<polygon class="band" points="{" ".join(upper + lower[::-1])}"/>')
        line = " ".join(f"{x(i):.1f},{y(p.value):.1f}" for i, p in enumerate(points))
        parts.append(f'<polyline class="line" points="{line}"/>')
    else:
        only = points[0]
        parts.append(_whisker(x(0), y(only.low), y(only.high)))
    for i, p in enumerate(points):
        hint = escape(f"{p.label}: {p.value:.3f} ({p.low:.3f} to {p.high:.3f}), {p.call}")
        parts.append(
            f'<circle class="dot {p.call}" cx="{x(i):.1f}" cy="{y(p.value):.1f}" r="{_DOT}">'
            f"<title>{hint}</title></circle>"
        )
    ends = [(0, "start")] if len(points) == 1 else [(0, "start"), (len(points) - 1, "end")]
    for i, anchor in ends:
        at = _LEFT if anchor == "start" else _WIDTH - _RIGHT
        parts.append(_text(at, _HEIGHT - 7, points[i].label, anchor))
    return _svg(_WIDTH, _HEIGHT, title, parts)


def calibration(bins: Sequence[Bin]) -> str:
    """Reliability: the share that is supported against the score; on the diagonal it holds."""
    low, high = 38, _SIDE - 12

    def x(value: float) -> float:
        return low + (high - low) * value

    def y(value: float) -> float:
        return high - (high - low) * value + 4 - 12

    most = max((b.count for b in bins), default=1)
    parts = [
        f'<line class="grid" x1="{x(0):.1f}" x2="{x(1):.1f}" y1="{y(v):.1f}" y2="{y(v):.1f}"/>'
        + _text(low - 7, y(v) + 4, f"{v:g}", "end")
        + _text(x(v), _SIDE - 4, f"{v:g}", "middle")
        for v in (0, 0.25, 0.5, 0.75, 1)
    ]
    parts.append(
        f'<line class="ideal" x1="{x(0):.1f}" y1="{y(0):.1f}" x2="{x(1):.1f}" y2="{y(1):.1f}"/>'
    )
    for b in bins:
        radius = 3.5 + 9 * (b.count / most) ** 0.5
        hint = f"{b.count} claims scored {b.score:.2f}: {b.share:.2f} supported"
        parts.append(_whisker(x(b.score), y(b.low), y(b.high)))
        parts.append(
            f'<circle class="bin" cx="{x(b.score):.1f}" cy="{y(b.share):.1f}" r="{radius:.1f}">'
            f"<title>{hint}</title></circle>"
        )
    return _svg(_SIDE, _SIDE, "Share of claims supported, by score", parts)


def cost(spots: Sequence[Spot], title: str) -> str:
    """Quality against seconds a bullet; up and left is better."""
    most = max((s.seconds for s in spots), default=1.0) * 1.25 or 1.0
    floor, top = _domain([s.low for s in spots], [s.high for s in spots])

    def x(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / most

    def y(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (top - value) / (top - floor)

    parts = [_grid(floor, top, y)]
    for s in spots:
        near_end = s.seconds > most * 0.6
        parts.append(_whisker(x(s.seconds), y(s.low), y(s.high)))
        parts.append(
            f'<circle class="dot" cx="{x(s.seconds):.1f}" cy="{y(s.value):.1f}" r="5">'
            f"<title>{escape(s.label)}: {s.value:.3f}, {s.seconds:.2f} s</title></circle>"
        )
        parts.append(
            _text(
                x(s.seconds) + (-9 if near_end else 9),
                y(s.value) - 7,
                f"{s.label}, {s.seconds:.1f} s",
                "end" if near_end else "start",
                "name",
            )
        )
    parts.append(_text(_LEFT, _HEIGHT - 7, "0 s a bullet", "start"))
    parts.append(_text(_WIDTH - _RIGHT, _HEIGHT - 7, f"{most:.1f} s", "end"))
    return _svg(_WIDTH, _HEIGHT, title, parts)


def interval(low: float, value: float, high: float) -> str:
    """A figure between 0 and 1 as a mark on a thin scale, with its interval."""
    return (
        '<svg class="scale" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<line class="grid" x1="0" x2="100" y1="5" y2="5"/>'
        f'<rect class="span" x="{100 * low:.1f}" y="3" '
        f'width="{max(100 * (high - low), 0.6):.1f}" height="4"/>'
        f'<rect class="mark" x="{min(100 * value, 99):.1f}" y="0" width="1.2" height="10"/></svg>'
    )


def _domain(lows: Sequence[float], highs: Sequence[float]) -> tuple[float, float]:
    """Round bounds a little beyond all values; a share stays between 0 and 1."""
    low, high = min(lows, default=0.0), max(highs, default=1.0)
    pad = max((high - low) * 0.15, 0.02)
    share = low >= 0 and high <= 1
    return (
        max(low - pad, 0.0) if low >= 0 else low - pad,
        min(high + pad, 1.0) if share else high + pad,
    )


def _grid(floor: float, top: float, y: Callable[[float], float]) -> str:
    lines = []
    for n in range(4):
        value = floor + (top - floor) * n / 3
        lines.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" '
            f'y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        )
        lines.append(_text(_LEFT - 7, y(value) + 4, f"{value:.2f}", "end"))
    return "".join(lines)


def _whisker(x: float, low: float, high: float) -> str:
    return f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str, kind: str = "tick") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )
