"""The diagnosis without a list: each known mistake is taken off the list, and must not be named as another one."""

from collections.abc import Iterable, Sequence

from grader.banks.bank import Wrong
from grader.judge.diagnosis.naming import Naming
from grader.submission import Source


class Unlisted:
    """Watches a session: what is said of each wrong submission when its own mistake is unknown."""

    def __init__(self, bank: Sequence[Wrong]) -> None:
        self.bank = {w.submission.source.digest: w for w in bank if w.submission.source}
        self.said: dict[str, str] = {}
        """By the name of the mistake; those of which nothing is said are not in it."""

    def __call__(self, source: Source, naming: Naming) -> None:
        own = self.bank.get(source.digest)
        if own is None or naming.function != own.mistake.of:
            return
        others = [w.mistake for w in self.bank.values() if w.mistake.says != own.mistake.says]
        if found := naming.name(others):
            self.said[own.mistake.function.__name__] = found.says


def mistaken(bank: Iterable[Wrong], said: dict[str, str]) -> list[str]:
    """The mistakes that are named as another one: `name: the other one's sentence`."""
    own = {w.mistake.function.__name__: w.mistake.says for w in bank}
    sentences = set(own.values())
    return [f"{name}: {text}" for name, text in said.items() if text in sentences and text != own[name]]
