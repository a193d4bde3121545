"""The words of a report: checks, mistakes and references are written with the names of the NumPy starters."""

import re

import msgspec

from grader.report.model import Check, Evidence

_NAMES = {
    "rng.random": "torch.rand", "rng.standard_normal": "torch.randn", "rng.integers": "torch.randint",
    "rng.permutation": "torch.randperm", "rng.uniform": "uniform_", "rng": "generator", "an ndarray": "a tensor",
}  # fmt: skip
"""What PyTorch and its starters call a thing; the longer names first."""
_GENERATOR, _SEEDED = re.compile(r"^np\.random\.default_rng\((\d+)\)$"), r"torch.Generator().manual_seed(\1)"
_NAME = re.compile(rf"\b({'|'.join(map(re.escape, _NAMES))})\b")


def worded(check: Check, framework: str | None) -> Check:
    """A check in the words of a framework's starter."""
    if framework != "torch":
        return check
    evidence = check.evidence and _evidence(check.evidence)
    return msgspec.structs.replace(
        check, title=_said(check.title), message=_said(check.message), hint=check.hint and _said(check.hint),
        diagnosis=check.diagnosis and _said(check.diagnosis), evidence=evidence,
    )  # fmt: skip


def _evidence(evidence: Evidence) -> Evidence:
    return msgspec.structs.replace(
        evidence, call=evidence.call and _said(evidence.call), snippet=evidence.snippet and _said(evidence.snippet),
        arguments={_said(name): _GENERATOR.sub(_SEEDED, value) for name, value in evidence.arguments.items()},
    )  # fmt: skip


def _said(text: str) -> str:
    return _NAME.sub(lambda found: _NAMES[found[1]], text)
