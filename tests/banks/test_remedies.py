"""The changes that may undo a slip: each text can be read, and each slip has its remedy early enough."""

import ast
from pathlib import Path

import pytest

from grader.slips.offering import Right
from grader.slips.places import methods_unused
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
    "brackets": ("def f(x):\n    return 1 / 1 + g(x)", "def f(x):\n    return 1 / (1 + g(x))"),
    "brackets too far": ("def f(x, n):\n    return x / (2 * n)", "def f(x, n):\n    return x / 2 * n"),
    "in place": ("def f(x, c):\n    x -= c\n    return x", "def f(x, c):\n    x = x - c\n    return x"),
    "mean": (
        "def f(Z):\n    m = Z.shape[1]\n    return np.mean(Z)",
        "def f(Z):\n    m = Z.shape[1]\n    return np.sum(Z) / m",
    ),
    "factor of a branch": (
        "def f(Z, alpha):\n    return where(Z > 0, Z, alpha)",
        "def f(Z, alpha):\n    return where(Z > 0, Z, alpha * Z)",
    ),
    "weights": ("def f(a, b, c):\n    return c*a + (1 - c)*b", "def f(a, b, c):\n    return (1 - c)*a + c*b"),
    "weight of the rest": ("def f(a, b, c):\n    return c*a + b", "def f(a, b, c):\n    return c*a + (1 - c)*b"),
    "cut off": ("def f(t, n):\n    return t // n", "def f(t, n):\n    return t / n"),
    "all entries": ("def f(Z):\n    return g(Z) / Z.size", "def f(Z):\n    return g(Z) / Z.shape[1]"),
    "term not used": ("def f(Z, w, b):\n    return w @ Z", "def f(Z, w, b):\n    return (w @ Z) + b"),
    "variable not used": ("def f(p, x):\n    w, b = p\n    return w @ x", "def f(p, x):\n    w, b = p\n    return w @ x + b"),
    "slope": ("def f(a):\n    return 1 - a", "def f(a):\n    return a * (1 - a)"),
    "span": ("def f(x, a, b):\n    return (x - a) / b", "def f(x, a, b):\n    return (x - a) / (b - a)"),
    "sigmoid": ("def f(x):\n    return 1 / (1 + np.exp(-x))", "def f(x):\n    return (1 + np.tanh(x / 2)) / 2"),
    "sigmoid in another order": (
        "def f(x):\n    return 1.0 / (torch.exp(-x) + 1)",
        "def f(x):\n    return (1 + torch.tanh(x / 2)) / 2",
    ),
    "softmax": (
        "def f(x):\n    e = np.exp(x)\n    return e / e.sum(-1)",
        "def f(x):\n    e = np.exp(x - x.max(axis=-1, keepdims=True))\n    return e / e.sum(-1)",
    ),
    "exception": (
        "def f(x):\n    y = x\n    if x.ndim > 2:\n        y = y / 2\n    return y",
        "def f(x):\n    y = x\n    pass\n    return y",
    ),
    "erf": ("def f(x):\n    return erf(x)", "def f(x):\n    return erf(x / 1.4142135623730951)"),
    "square of what is absolute": ("def f(x):\n    return x.abs()", "def f(x):\n    return x.abs() ** 2"),
    "branches": ("def f(x, y):\n    return x if y else -x", "def f(x, y):\n    return -x if y else x"),
    "results": ("def f(x):\n    a, b = g(x)\n    return a - b", "def f(x):\n    b, a = g(x)\n    return a - b"),
    "joined": ("def f(x, y):\n    return np.vstack([x, y])", "def f(x, y):\n    return np.vstack([y, x])"),
    "bound": ("def f(x):\n    return np.clip(x, 0, 1)", "def f(x):\n    return np.clip(x, 0, None)"),
    "attribute": (
        "def f(x):\n    return x.data * (x.grad > 0)",
        "def f(x):\n    return x.data * (x.data > 0)",
    ),
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
    first = next(iter(remedies(ast.parse(wrong).body[0], Right((("alpha", ast.Constant(0.01)),)))))
    assert first.says == "write alpha=0.01 in place of alpha=0.1"
    assert first.applied(wrong) == wrong.replace("=0.1", "=(0.01)")


def test_a_number_of_the_reference():
    wrong = "def f(Z):\n    return Z + 0.44715 * Z ** 3"
    found = [r.applied(wrong) for r in remedies(ast.parse(wrong).body[0], Right(numbers=(0.044715, 0.5)))]
    assert wrong.replace("0.44715", "(0.044715)") in found[:EARLY]


def test_a_slip_that_is_made_again_and_again():
    wrong = """def f(dW1, db1, m, x):
    dW = dW1 @ x
    db = db1 @ x
    return {"dW": np.power(m, dW), "db": np.power(x, db), "x": np.power(x, dW)}"""
    found = {r.says: r.applied(wrong) for r in remedies(ast.parse(wrong).body[0])}
    both = found["write dW1 @ x / m in place of dW1 @ x, and likewise in line 3"]
    assert "    dW = (dW1 @ x / m)\n    db = (db1 @ x / m)\n" in both
    words = "write np.power(m, db) in place of np.power(m, dW), and likewise in the rest of it"
    assert '{"dW": np.power(m, (db)), "db": np.power(x, db), "x": np.power(x, (db))}' in found[words]


def test_an_attribute_that_is_not_used():
    wrong = """class Linear:
    def __init__(self, w, b):
        self.w, self.b = w, b
    def forward(self, x):
        return self.w @ x"""
    found = [r.applied(wrong) for r in remedies(ast.parse(wrong).body[0])]
    assert wrong.replace("self.w @ x", "(self.w @ x + self.b)") in found[:EARLY]


@pytest.mark.parametrize(
    "text",
    ["def f(x, known):\n    return x not in known", "def f(x, s=1, t=2):\n    return g(x, s, t)"],
)
def test_what_nobody_means_is_not_tried(text):
    found = [r.applied(text) for r in remedies(ast.parse(text).body[0])]
    assert not any("1 - x" in new or "s=(t)" in new or "s=t" in new for new in found)


def test_methods_that_nobody_calls_are_left_alone():
    text = """class Net:
    def __init__(self, n):
        self.n = n + 1
    def f(self, x):
        return self.g(x) + 2
    def g(self, x):
        return x + 3
    def h(self, x):
        return x + 4"""
    unit, user = ast.parse(text).body[0], ast.parse("def f(x):\n    return Net(2).f(x)").body[0]
    assert methods_unused(unit, [user]) == {"h"}
    found = {r.line for r in remedies(unit, unused=methods_unused(unit, [user]))}
    assert found >= {3, 5, 7}
    assert 9 not in found
    derived = ast.parse(text.replace("Net:", "Net(nn.Module):")).body[0]
    assert methods_unused(derived, [user]) == set()


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
