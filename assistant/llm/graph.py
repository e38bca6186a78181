"""Makes a graph that reads a prompt out of the one that OpenVINO makes of a GGUF file.

Two things are changed. Keys and values are joined to those of what was read before,
instead of being written into a store of fixed size, so that the messages which many calls
share are read once. And the matrices of adapters are added beside those that they adapt,
times a number that each call gives: 1 where it wears the adapter, 0 elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from assistant.errors import ModelError
from assistant.llm.gguf import Matrices

# Inputs of the graph: token numbers, their positions, which outputs are wanted, (1, 1, 1, n)
# each, and what each token does not see, (1, 1, n, tokens read before and now), added to scores.
TOKENS, POSITIONS, WANTED, MASK = "inp_tokens", "inp_pos", "inp_out_ids", "self_kq_mask"
_STORE = re.compile(r"cache_[kv]_l\d+")
_MATRIX = re.compile(r"blk\.\d+\.\w+\.weight$")


def worn_input(slot: str) -> str:
    """The input that says how much of the adapter for `slot` is worn."""
    return f"worn_{slot}"


def readable(made: Any, adapters: Mapping[str, Matrices]) -> Any:
    """The graph with the logits first among its outputs, then keys and values by layer.

    `made` is changed. Raises ModelError where it is not of the form that is known here, or
    an adapter has no matrix to adapt.
    """
    import openvino
    from openvino import opset13 as op

    inputs = {p.get_friendly_name(): p for p in made.get_parameters()}
    logits = [r for r in made.get_results() if not _STORE.fullmatch(r.get_friendly_name())]
    kept = {}
    for node in made.get_ordered_ops():
        if node.get_type_name() == "ScatterUpdate":
            store = node.input_value(0).get_node()
            new = node.input_value(2).get_node().input_value(0)  # before it was flattened
            joined = op.concat([store.output(0), new], axis=1)
            _lead(node.output(0).get_target_inputs(), joined)
            kept[store.get_friendly_name()] = joined
    if len(logits) != 1 or not kept or not {TOKENS, POSITIONS, WANTED, MASK} <= set(inputs):
        raise ModelError("This version of OpenVINO reads GGUF files in a form not known here.")
    worn = [_wear(made, slot, dict(matrices)) for slot, matrices in adapters.items()]
    outputs = [logits[0]]
    for name, joined in kept.items():
        joined.output(0).set_names({name})
        outputs.append(op.result(joined))
    used = [inputs[name] for name in (TOKENS, POSITIONS, WANTED, MASK, *kept)]
    return openvino.Model(outputs, [*used, *worn], "reader")


def _wear(made: Any, slot: str, matrices: dict[str, Any]) -> Any:
    """Adds an adapter to the matrices it names; returns the input that switches it."""
    from openvino import opset13 as op

    worn = op.parameter([], np.float32, name=worn_input(slot))
    worn.output(0).set_names({worn_input(slot)})
    for node in made.get_ordered_ops():
        if node.get_type_name() != "MatMul":
            continue
        weight = _MATRIX.search(node.input_value(1).get_node().get_friendly_name())
        if weight is None or f"{weight[0]}.lora_a" not in matrices:
            continue
        down, up = (matrices.pop(f"{weight[0]}.lora_{x}").astype(np.float32) for x in "ab")
        low = op.matmul(node.input_value(0), op.constant(down), False, True)
        change = op.matmul(op.multiply(low, worn), op.constant(up), False, True)
        readers = node.output(0).get_target_inputs()  # before the sum is one of them
        _lead(readers, op.add(node.output(0), change))
    if matrices:
        raise ModelError(f"The adapter for {slot} is for another model: it has {min(matrices)}.")
    return worn


def _lead(readers: Any, node: Any) -> None:
    """Lets these inputs read what `node` gives."""
    for reader in readers:
        reader.replace_source_output(node.output(0))
