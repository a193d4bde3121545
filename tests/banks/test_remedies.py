"""The changes that may undo a slip: each text can be read, and each slip has its remedy early enough."""

import ast
from pathlib import Path

import pytest

from grader.slips.remedies import remedies

ROOT = Path(__file__).parents[2]
EARLY = 40
"""Remedies among which the right one is found in a function of two or three lines."""
PAIRS = {
    "axis": ("def f(Z):\n    return Z.sum(axis=0)", "def f(Z):\n    return Z.sum(axis=1)"),
    "kept axis": ("def f(Z):\n    return np.mean(Z, axis=1)", "def f(Z):\n    return np.mean(Z, axis=1, keepdims=True)"),
    "no axis": ("def f(Z):\n    return np.sum(Z)", "def f(Z):\n    return np.sum(Z, axis=1, keepdims=True)"),
    "sign": ("def f(a, b):\n    return a + b", "def f(a, b):\n    return a - b"),
    "minus": ("def f(a, b):\n    return a @ b", "def f(a, b):\n    return -(a @ b)"),
    "size": ("def f(Z):\n    m = Z.shape[1]\n    return Z @ Z.T", "def f(Z):\n    m = Z.shape[1]\n    return Z @ Z.T / m"),
    "complement": ("def f(g, beta):\n    return beta * g", "def f(g, beta):\n    return (1 - beta) * g"),
    "square": ("def f(s, g):\n    return s + g", "def f(s, g):\n    return s + g**2"),
    "root": ("def f(g, s):\n    return g / s", "def f(g, s):\n    return g / s**0.5"),
    "index": ("def f(A, l):\n    return A[l]", "def f(A, l):\n    return A[l - 1]"),
    "key in a string": ("def f(P, l):\n    return P[f'W{l}']", "def f(P, l):\n    return P[f'W{l - 1}']"),
    "key": ("def f(P):\n    bf = P['bi']\n    return bf", "def f(P):\n    bf = P['bf']\n    return bf"),
    "name": ("def f(A, A_prev):\n    return A.T", "def f(A, A_prev):\n    return A_prev.T"),
    "slice": ("def f(x, n):\n    return x[:n]", "def f(x, n):\n    return x[:n + 1]"),
    "backwards": ("def f(T):\n    for t in range(T):\n        g(t)", "def f(T):\n    for t in reversed(range(T)):\n        g(t)"),
    "added up": (
        "def f(d, xs):\n    for x in xs:\n        d[0] = x\n    return d",
        "def f(d, xs):\n    for x in xs:\n        d[0] += x\n    return d",
    ),
    "return in a loop": (
        "def f(xs):\n    for x in xs:\n        g(x)\n        return x",
        "def f(xs):\n    for x in xs:\n        g(x)\n    return x",
    ),
    "a step too many": ("def f(Z):\n    Z = Z.clip(0, 5)\n    return Z", "def f(Z):\n    pass\n    return Z"),
    "argument not used": ("def f(Z, c0):\n    return np.zeros(3) + Z", "def f(Z, c0):\n    return c0 + Z"),
    "copy": ("def f(P):\n    return P", "def f(P):\n    return P.copy()"),
    "infinite": ("def f(s, m):\n    return where(m, s, -1e9)", "def f(s, m):\n    return where(m, s, -float('inf'))"),
    "distribution": ("def f(n, rng):\n    return rng.random(n)", "def f(n, rng):\n    return rng.standard_normal(n)"),
}


@pytest.mark.parametrize("slip", PAIRS)
def test_each_slip_has_its_remedy(slip):
    wrong, right = PAIRS[slip]
    found = [r.applied(wrong) for r in remedies(ast.parse(wrong).body[0])]
    places = [i for i, text in enumerate(found) if ast.dump(ast.parse(text)) == ast.dump(ast.parse(right))]
    assert places, found
    assert places[0] < EARLY


def test_the_default_of_the_reference():
    wrong = "def f(Z, alpha=0.1):\n    return alpha * Z"
    first = next(iter(remedies(ast.parse(wrong).body[0], (("alpha", ast.Constant(0.01)),))))
    assert first.says == "write alpha=0.01 in place of alpha=0.1"
    assert first.applied(wrong) == wrong.replace("=0.1", "=(0.01)")


@pytest.mark.parametrize("name", ["attention", "convolution", "lstm_gru"])
def test_every_remedy_can_be_read(name):
    text = (ROOT / "assignments" / name / "alternatives" / "loops.py").read_text("utf-8")
    for statement in ast.parse(text).body:
        for _, remedy in zip(range(20), remedies(statement), strict=False):
            ast.parse(remedy.applied(text))


def test_letters_of_many_bytes_and_indents_are_kept():
    wrong = "class Café:\n\tdef f(self, é):\n\t\tif é:\n\t\t\tø = é + 1; return ø"
    found = {r.applied(wrong) for r in remedies(ast.parse(wrong).body[0])}
    assert "class Café:\n\tdef f(self, é):\n\t\tif é:\n\t\t\tø = (é - 1); return ø" in found
