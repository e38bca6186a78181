"""Prompts that begin alike, joined to one row of tokens in which each beginning stands once.

Two claims about one page share the rules, the page's sentences and more: their prompts are
read as a tree. A token sees what stands before it in its own prompt, at the place that it has
there, so that every prompt is read as it would be alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Prompt = Sequence[int]


@dataclass(frozen=True)
class Tree:
    """Joined prompts.

    ids: (tokens,) token numbers; positions: (tokens,) their places in their prompts; sees:
    (tokens, tokens), true where the first sees the second; ends: the last token of each
    prompt, in order.
    """

    ids: npt.NDArray[np.int64]
    positions: npt.NDArray[np.int64]
    sees: npt.NDArray[np.bool_]
    ends: list[int]


def join(groups: Sequence[Sequence[Prompt]]) -> Tree:
    """All prompts of all groups; the prompts of a group begin more alike than others do."""
    root = alike([prompt for group in groups for prompt in group])
    ids, positions = list(groups[0][0][:root]), list(range(root))
    branch = [0] * root
    above = [{0}]  # of each branch, it and those that it grows from
    ends = []

    def grow(tokens: Prompt, start: int, parent: set[int]) -> set[int]:
        own = parent | {len(above)}
        branch.extend([len(above)] * (len(tokens) - start))
        above.append(own)
        ids.extend(tokens[start:])
        positions.extend(range(start, len(tokens)))
        return own

    for group in groups:
        fork = max(root, alike(group))
        stem = grow(group[0][:fork], root, {0})
        for prompt in group:
            grow(prompt, fork, stem)
            ends.append(len(ids) - 1)
    of_branch = np.array([[b in own for b in range(len(above))] for own in above])
    at = np.array(branch)
    sees = of_branch[at][:, at] & np.tri(len(ids), dtype=bool)
    return Tree(np.array(ids), np.array(positions), sees, ends)


def alike(prompts: Sequence[Prompt]) -> int:
    """How many tokens all prompts have in common at their beginnings, their last ones aside."""
    shortest = min(map(len, prompts)) - 1
    first = np.array(prompts[0][:shortest])
    same = np.all([np.equal(first, p[:shortest]) for p in prompts], axis=0)
    return int(shortest if same.all() else same.argmin())


def batched(groups: Sequence[Sequence[Prompt]], most: int) -> Iterator[list[int]]:
    """Numbers of groups in order, as many together as make at most `most` tokens."""
    some: list[int] = []
    tokens = 0
    for number, group in enumerate(groups):
        fork = alike(group)
        own = fork + sum(len(prompt) - fork for prompt in group)
        if some and tokens + own > most:
            yield some
            some, tokens = [], 0
        some.append(number)
        tokens += own
    if some:
        yield some
