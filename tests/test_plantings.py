"""Every planted change still finds what it changes; `python -m evals.sensitivity` runs them."""

from contextlib import ExitStack

import pytest

from evals.model_plantings import MODEL_PLANTED
from evals.plantings import PLANTED


@pytest.mark.parametrize("planted", [*PLANTED, *MODEL_PLANTED], ids=lambda planted: planted.name)
def test_a_planting_can_be_entered_and_left(planted):
    with ExitStack() as stack:
        planted.plant(stack)
