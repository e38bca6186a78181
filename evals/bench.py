"""Speed and memory of every part, side by side in one run: `python -m evals.bench`.

Each measurement runs in a process of its own, so that its peak memory is its own. A
part that fails says so, and the others go on. Tables go to standard error; with
`--json` one object goes to standard output. Exit 1 if a part failed.

Times depend on the machine and on what else it does; the ratios between parts of one
run do so much less. The aims are for 2 cores.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console

from assistant import resources
from assistant.errors import AssistantError
from assistant.llm.catalog import Catalog
from evals.bench_report import aims, ratios, show
from evals.bullet_costs import fill_home, measure_drafting
from evals.plain_chain import measure_chain
from evals.throughput import build_index, measure_ingest, measure_search, measure_start

Result = dict[str, Any]
PARTS = ("writing", "extractive", "ingest", "search", "chain")
_console = Console(stderr=True, highlight=False)


def apart(measure: Callable[..., Result], *args: Any) -> Result:
    """What `measure(*args)` returns in a new process, with that process's peak memory.

    `measure` must be a module's function; what it raises is raised here.
    """
    # Spawned, not forked: a fork would start with this process's memory and peak.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_with_peak, measure, *args).result()


def _with_peak(measure: Callable[..., Result], *args: Any) -> Result:
    result = measure(*args)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {**result, "peak_mib": round(peak / unit)}


def _with_corpus(measure: Callable[..., Result], *args: Any) -> Result:
    """`apart` for a measure whose first argument is a home that holds the sample corpus."""
    with tempfile.TemporaryDirectory() as home:
        apart(fill_home, Path(home))
        return apart(measure, Path(home), *args)


def extractive(bullets: int) -> Result:
    """The extractive writer, and the start of a process."""
    with tempfile.TemporaryDirectory() as home:
        apart(fill_home, Path(home))
        started = measure_start(Path(home))
        return {**apart(measure_drafting, Path(home), "none", bullets), **started}


def search(passages: int) -> Result:
    """Search over a large index, which another process builds."""
    with tempfile.TemporaryDirectory() as home:
        apart(fill_home, Path(home))
        built = apart(build_index, Path(home), passages)
        found = apart(measure_search, Path(home))
        return {**built, "build_peak_mib": built["peak_mib"], **found}


def run_parts(parts: Mapping[str, Callable[[], Result]]) -> dict[str, Result]:
    """The result of each part, or `{"error": reason}` for one that failed."""
    results: dict[str, Result] = {}
    for name, part in parts.items():
        _console.print(f"Measuring: {name} …")
        try:
            results[name] = part()
        except AssistantError as error:
            results[name] = {"error": str(error)}
        except Exception as error:  # one part's mistake must not cost the others' minutes
            traceback.print_exception(error)
            results[name] = {"error": f"{type(error).__name__}: {error}"}
        if "error" in results[name]:
            _console.print(f"  failed: {results[name]['error']}", markup=False)
    return results


def main() -> None:
    """Run the parts asked for and print what they gave."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", type=_names, default=PARTS, help=f"some of {','.join(PARTS)}")
    parser.add_argument("--bullets", type=int, default=5, help="bullets to draft")
    parser.add_argument("--passages", type=int, default=100_000, help="passages to search among")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    begun = time.perf_counter()
    model = Catalog.load().default_embedded.name
    articles = str(resources.sample_corpus() / "articles")
    parts: dict[str, Callable[[], Result]] = {
        "writing": lambda: _with_corpus(measure_drafting, model, args.bullets),
        "extractive": lambda: extractive(args.bullets),
        "ingest": lambda: apart(measure_ingest, [articles]),
        "search": lambda: search(args.passages),
        "chain": lambda: _with_corpus(measure_chain, model, args.bullets),
    }
    results = run_parts({name: parts[name] for name in PARTS if name in args.only})
    show(results, _console)
    if args.json:
        record = {
            "machine": {
                "cores": os.cpu_count(),
                "platform": platform.platform(),
                "python": platform.python_version(),
            },
            "parts": results,
            "aims": aims(results),
            "ratios": ratios(results),
            "seconds": round(time.perf_counter() - begun, 1),
        }
        print(json.dumps(record, ensure_ascii=False, indent=2))
    if any("error" in result for result in results.values()):
        sys.exit(1)


def _names(given: str) -> tuple[str, ...]:
    names = tuple(given.split(","))
    if unknown := set(names) - set(PARTS):
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    main()
