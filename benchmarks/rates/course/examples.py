"""What hypothesis draws for a check: 40 examples, or a few where $EXAMPLES says so; then no failure is made smaller."""

import os

from hypothesis import Phase, settings

NUMBER = int(os.environ.get("EXAMPLES", "40"))
forty = settings(
    max_examples=NUMBER,
    deadline=None,
    database=None,
    derandomize=True,
    phases=tuple(Phase) if NUMBER == 40 else (Phase.generate,),
)
