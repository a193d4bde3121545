"""A report on a PyTorch submission calls the arguments as its starter does."""

import re
from dataclasses import replace

import pytest

from grader.assignment import find
from grader.banks.bank import right
from grader.judge.session import judge
from grader.judge.wording import worded
from grader.report.model import Check, Evidence

CHECK = Check(
    id="test_hidden.test_f", function="f", title="The same rng gives the same mask.", points=0, max_points=1,
    verdict="fail", message="Another rng: an ndarray, wrangled.", hidden=False, version="", hint="draw from rng alone",
    diagnosis="Draw from the argument rng.",
    evidence=Evidence(
        call="f(x, rng)", arguments={"x": "rng", "rng": "np.random.default_rng(1)"}, snippet="print(f(x, rng))"
    ),
)  # fmt: skip


def test_names_are_those_of_the_pytorch_starter():
    said = worded(CHECK, "torch")
    assert said.title == "The same generator gives the same mask."
    assert said.message == "Another generator: a tensor, wrangled."
    assert said.hint == "draw from generator alone"
    assert said.diagnosis == "Draw from the argument generator."
    assert said.evidence == Evidence(
        call="f(x, generator)",
        arguments={"x": "rng", "generator": "torch.Generator().manual_seed(1)"},
        snippet="print(f(x, generator))",
    )


@pytest.mark.parametrize("framework", ["numpy", None])
def test_others_stay(framework):
    assert worded(CHECK, framework) == CHECK


def test_a_report_says_so():
    topic = find("initialization")
    known = next(s for s in right(topic) if s.student == "with_torch")
    (cell,) = known.source.cells
    text = cell.text + "\n_right = initialize_he\n\ndef initialize_he(layer_dims, generator):\n"
    text += "    return _right(layer_dims, torch.Generator().manual_seed(3))\n"
    found = []
    judge(topic, [replace(known, source=replace(known.source, cells=(replace(cell, text=text),)))], found.append)
    lost = [c for c in found[0].checks if c.points < c.max_points]
    assert {c.function for c in lost} == {"initialize_he"}
    assert lost[0].diagnosis == (
        "Your result is the same for every state of generator. Draw from the argument generator alone."
    )
    assert "generator = torch.Generator().manual_seed(" in lost[0].evidence.snippet
    said = [f"{c.title} {c.message} {c.hint} {c.evidence}" for c in lost]
    assert not [text for text in said if re.search(r"\brng\b", text)]
