"""ragas' faithfulness and ROUGE-2, in an environment of their own.

ragas wants other versions of openai and langchain than this project, so it never meets
them: `evals/side_by_side.py` runs this file with the Python of another environment, into
which `evals/rivals.txt` was installed; `make compare` makes one.

It reads one question a line, `{"system", "claim", "source"}`, and answers each with
`{"score", "seconds", "tokens", "error"}`; a score of null is no answer. The endpoint
comes as `RIVALS_BASE_URL`, `RIVALS_API_KEY` and `RIVALS_MODEL`.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable
from typing import Any

# What a user would ask of whom the claim is the answer; ragas splits a claim by it.
_QUESTION = "What does the article say?"
# ragas repeats a statement and gives a reason for each; its own default cuts long claims off.
_ANSWER_TOKENS = 2048


def main() -> None:
    """Answer lines until there are no more."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    systems: dict[str, Callable[[str, str], tuple[float | None, int]]] = {}
    for line in sys.stdin:
        question = json.loads(line)
        name = question["system"]
        begun = time.perf_counter()
        try:
            if name not in systems:
                systems[name] = {"ragas": _ragas, "rouge2": _rouge2}[name]()
                begun = time.perf_counter()  # imports are not a claim's
            score, tokens = systems[name](question["claim"], question["source"])
            error = None
        except Exception as failure:  # one row that a rival cannot answer must not end the run
            score, tokens, error = None, 0, f"{type(failure).__name__}: {failure}"[:300]
        answer: dict[str, Any] = {"score": score, "tokens": tokens, "error": error}
        answer["seconds"] = round(time.perf_counter() - begun, 4)
        print(json.dumps(answer), file=answers, flush=True)


def _rouge2() -> Callable[[str, str], tuple[float | None, int]]:
    """The share of the claim's pairs of words that the source has, the most that ROUGE-2 can say.

    Its F-measure would fall with the length of the source, which says nothing of a claim.
    """
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(["rouge2"], use_stemmer=True)

    def score(claim: str, source: str) -> tuple[float | None, int]:
        return float(scorer.score(source, claim)["rouge2"].precision), 0

    return score


def _ragas() -> Callable[[str, str], tuple[float | None, int]]:
    """Faithfulness as ragas' documentation has it, over an endpoint that speaks OpenAI's tongue."""
    import asyncio

    import httpx
    from openai import AsyncOpenAI
    from ragas.llms import llm_factory
    from ragas.metrics.collections import Faithfulness

    used: list[int] = []

    async def note(response: httpx.Response) -> None:
        await response.aread()
        if response.is_success:
            used.append(response.json().get("usage", {}).get("total_tokens", 0))

    async def ask(claim: str, source: str) -> float:
        # Typed loosely: this environment's openai takes httpx's client, the project's another's.
        http: Any = httpx.AsyncClient(trust_env=False, event_hooks={"response": [note]})
        # A client for each question: it belongs to the loop that it was first used in.
        async with AsyncOpenAI(
            base_url=os.environ["RIVALS_BASE_URL"],
            api_key=os.environ["RIVALS_API_KEY"],
            timeout=600,
            max_retries=0,
            http_client=http,
        ) as client:
            llm = llm_factory(
                os.environ["RIVALS_MODEL"], client=client, temperature=0, max_tokens=_ANSWER_TOKENS
            )
            result = await Faithfulness(llm=llm).ascore(
                user_input=_QUESTION, response=claim, retrieved_contexts=[source]
            )
            return float(result.value)

    def score(claim: str, source: str) -> tuple[float | None, int]:
        used.clear()
        value = asyncio.run(ask(claim, source))
        return None if math.isnan(value) else value, sum(used)

    return score


if __name__ == "__main__":
    main()
