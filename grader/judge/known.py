"""Answers that a check has passed before: the same ones pass it again, bit for bit."""

from collections import OrderedDict
from typing import NamedTuple

from grader.judge.trial import Trial

MOST = 32 << 20
"""Bytes of trials that are kept; those that were seen longest ago go first."""


class Key(NamedTuple):
    """What decides that a check is passed: the check, how values are read, and all that the code answered."""

    check: str
    framework: str
    answers: bytes
    """A digest of the replies as they came."""


class Known:
    """Trials that ended well, by what led to them. Everyone faces the same cases, so many submissions answer alike."""

    def __init__(self) -> None:
        self.trials: OrderedDict[Key, tuple[Trial, int]] = OrderedDict()
        self.size = 0
        self.checks: set[str] = set()
        """Checks of which something is or was known."""

    def find(self, key: Key) -> Trial | None:
        """The trial that the same answers led to."""
        if key not in self.trials:
            return None
        self.trials.move_to_end(key)
        return self.trials[key][0]

    def keep(self, key: Key, trial: Trial, size: int) -> None:
        """Remember a trial of about so many bytes that all points were given for."""
        if key in self.trials or size > MOST // 32:
            return
        self.trials[key] = trial, size
        self.size += size
        self.checks.add(key.check)
        while self.size > MOST:
            _, (_, gone) = self.trials.popitem(last=False)
            self.size -= gone
