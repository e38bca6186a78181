"""Makes one adapter of several: `python -m evals.training.merge A.npz B.npz --out C.npz`.

The mean of what each adds to a matrix, cut to a rank by its largest singular values. The mean
of models tuned apart from one beginning depends less on the chance of each (Wortsman et al.
2022, "Model soups").
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_Matrix = npt.NDArray[np.float64]


def mean_of(
    pairs: Sequence[tuple[_Matrix, _Matrix]], rank: int, weights: Sequence[float] = ()
) -> tuple[_Matrix, _Matrix]:
    """`a` (rank, into) and `b` (out, rank) whose product is nearest to the mean of all `b @ a`.

    `weights` add up to 1; by default all are the same.
    """
    shares = weights or [1 / len(pairs)] * len(pairs)
    a = np.concatenate([a for a, _ in pairs])
    b = np.concatenate([b * share for (_, b), share in zip(pairs, shares, strict=True)], axis=1)
    # The singular values of the thin product, without making it.
    left, before = np.linalg.qr(b)
    right, after = np.linalg.qr(a.T)
    u, sizes, v = np.linalg.svd(before @ after.T)
    root = np.sqrt(sizes[:rank])
    return (v[:rank] * root[:, None]) @ right.T, left @ (u[:, :rank] * root)


def main() -> None:
    """Merge and write; all of them, and what comes of them, with `alpha` = 4 x their rank."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("adapters", type=Path, nargs="+")
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    loaded = [np.load(path) for path in args.adapters]
    made: dict[str, Any] = {}
    for name in [n for n in loaded[0] if n.endswith("lora_a")]:
        other = name.replace("lora_a", "lora_b")
        pairs = [(one[name].astype("f8"), one[other].astype("f8")) for one in loaded]
        a, b = mean_of(pairs, args.rank)
        made[name], made[other] = a.astype("f2"), b.astype("f2")
    np.savez(args.out, **made)


if __name__ == "__main__":
    main()
