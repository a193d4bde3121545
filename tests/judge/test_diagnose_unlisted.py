"""Mistakes that are on no list: what is said of small functions that are wrong in one way."""

import numpy as np
import pytest

from grader.banks.bank import Wrong
from grader.banks.unlisted import Unlisted, mistaken
from grader.judge.diagnosis.listed import Mistake
from grader.judge.diagnosis.naming import Naming
from grader.judge.diagnosis.terms import Terms
from grader.judge.session import Submission
from grader.judge.student import copied
from grader.judge.trial import Call
from grader.submission import Source
from grader.worker.observing import perform

LARGE = np.array([[1e4, -1e4, 0.5]])


def matrix(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).uniform(-2, 2, shape)


def affine(W, X, b):
    """W : (n, k).  X : (k, m).  b : (n, 1).  Returns (n, m)."""
    if W.shape[1] != X.shape[0]:
        raise ValueError("W and X do not fit")
    return W @ X + b


def mean_gradient(dZ, A):
    """dZ : (n, m).  A : (k, m).  Returns (dW, db)."""
    return dZ @ A.T / dZ.shape[1], dZ.sum(axis=1, keepdims=True) / dZ.shape[1]


def scaled(z, alpha=0.5):
    """z : any shape.  alpha : a number."""
    return np.where(z > 0, z, alpha * z)


def shares(Z):
    """Z : (K, m).  Returns (K, m)."""
    return np.exp(Z - Z.max(axis=0)) / np.exp(Z - Z.max(axis=0)).sum(axis=0)


def loss(A, Y):
    """A, Y : (K, m).  Returns one number."""
    return float(((A - Y) ** 2).sum() / A.shape[1])


def sigmoid(z):
    """z : any shape."""
    e = np.exp(-np.abs(z))
    return np.where(z > 0, 1, e) / (1 + e)


def states(X, h0):
    """X : (n, T).  h0 : (n,).  Returns (n, T)."""
    h, steps = h0, []
    for t in range(X.shape[1]):
        h = np.tanh(h + X[:, t])
        steps.append(h)
    return np.stack(steps, axis=1)


def points(steps):
    """steps : how many."""
    return np.linspace(0.0, 1.0, steps) ** 2


def step(parameters, gradients, rate):
    """parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ...  rate : a number."""
    return {k: parameters[k] - rate * gradients[f"d{k}"] for k in parameters}


def cells(n, size):
    """n, size : whole numbers."""
    return -(-n // size) / 4


def weighed(p, q):
    """p, q : numbers."""
    return p * np.exp(q)


SHAPES = [
    (2, 3, 4),
    (3, 2, 5),
    (4, 1, 1),
    (2, 2, 2),
    (3, 3, 6),
    (1, 4, 2),
    (2, 2, 1),
    (3, 3, 3),
    (3, 2, 1),
    (5, 4, 1),
    (2, 2, 5),
    (3, 3, 4),
]
FUNCTIONS = {
    affine: [(matrix(n, k), matrix(k, m), matrix(n, 1)) for n, k, m in SHAPES],
    mean_gradient: [(matrix(n, m), matrix(k, m)) for n, k, m in SHAPES],
    scaled: [(matrix(n, m), 0.1 * n) for n, _, m in SHAPES],
    shares: [*((matrix(n, m),) for n, _, m in SHAPES), (LARGE.T,)],
    loss: [(matrix(n, m), matrix(n, m, seed=1)) for n, _, m in SHAPES],
    sigmoid: [*((matrix(n, m),) for n, _, m in SHAPES), (LARGE,)],
    states: [(matrix(n, t), matrix(n)) for n, _, t in SHAPES],
    points: [(n,) for n in range(2, 9)],
    step: [
        (
            {f"{p}{l}": matrix(n, m, seed=l) for p in "Wb" for l in range(1, k + 1)},
            {f"d{p}{l}": matrix(n, m, seed=9 + l) for p in "Wb" for l in range(1, k + 1)},
            0.1 * n,
        )
        for n, k, m in SHAPES
    ],
    weighed: [(0.1 * n, 0.3 * m) for n, _, m in SHAPES],
    cells: [(n, size) for n in range(3, 12) for size in (2, 3)],
}


def calls_of(wrong, name, inputs):
    calls = [Call(name, arguments, {}) for arguments in inputs]
    for call in calls:
        call.outcome = perform(wrong, list(copied(call.arguments)), {}, {})
    return calls


def said(reference, wrong, inputs=None):
    calls = calls_of(wrong, reference.__name__, inputs or FUNCTIONS[reference])
    functions = {f.__name__: f for f in FUNCTIONS}
    found = Naming(reference.__name__, calls, functions).name([])
    return found.says if found else None


def naive_shares(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=0)


def last_missing(W, X, b):
    Z = np.zeros((len(W), X.shape[1]))
    for i in range(X.shape[1] - 1):
        Z[:, i] = W @ X[:, i] + b[:, 0]
    return Z


WRONG = [
    (loss, lambda A, Y: 2 * loss(A, Y), "Your result is twice what it should be."),
    (loss, lambda A, Y: -loss(A, Y), "Your result has the wrong sign."),
    (loss, lambda A, Y: loss(A, Y) / 2, "Your result is half of what it should be."),
    (loss, lambda A, Y: loss(A, Y) * A.shape[1],
     "Your result is m times too large: divide by m, the number of examples."),
    (loss, lambda A, Y: loss(A, Y) / len(A), "Your result is K times too small: divide by K one time less."),
    (loss, lambda A, Y: loss(A, Y) * A.shape[1] ** 2, "Your result is m^2 times too large: divide by m^2."),
    (loss, lambda A, Y: loss(A, Y) / np.sqrt(2), "Your result is sqrt(2) times too small."),
    (loss, lambda A, Y: loss(A, Y) / np.log(2),
     "Your result is in bits: take the natural logarithm, not the one of base 2."),
    (loss, lambda A, Y: 3.7 * loss(A, Y), "Your result is 3.7 times what it should be."),
    (loss, lambda A, Y: np.sqrt(loss(A, Y)), "Your result is the root of what it should be."),
    (loss, lambda A, Y: ((A - Y) ** 2).sum(axis=0), "The last step is missing: take the mean of what you return."),
    (loss, lambda A, Y: np.array([[loss(A, Y)]]),
     "The numbers are right, the shape is not: an axis is too many or too few."),
    (loss, lambda A, Y: loss(A, Y) if A.shape[1] == 1 else 0.1 + loss(A, Y) ** 2,
     "Your code is right only where m is 1 (one example)."),
    (mean_gradient, lambda dZ, A: (dZ @ A.T, mean_gradient(dZ, A)[1]),
     "dW is m times too large: divide by m, the number of examples."),
    (mean_gradient, lambda dZ, A: mean_gradient(dZ, A)[::-1],
     "dW and db are in each other's place: return them in the other order."),
    (mean_gradient, lambda dZ, A: mean_gradient(dZ, A)[0], "You return dW alone. Return db too."),
    (mean_gradient, lambda dZ, A: (mean_gradient(dZ, A)[0].T, mean_gradient(dZ, A)[1]),
     "dW is the transpose of what it should be."),
    (affine, lambda W, X, b: W @ X, "b counts for nothing: your result is the one for b = 0."),
    (affine, lambda W, X, b: W @ X - b, "Your result is the one for the opposite of b: a sign is wrong."),
    (affine, lambda W, X, b: W.T @ X + b, "You use W transposed."),
    (affine, lambda W, X, b: np.maximum(W @ X + b, 0), "Your result is cut off at 0: negative values are lost."),
    (affine, lambda W, X, b: np.floor(W @ X + b), "Your result is rounded down to whole numbers."),
    (affine, lambda W, X, b: np.round(W @ X + b, 4), "Your result is rounded to 4 decimals: keep all digits."),
    (loss, lambda A, Y: round(loss(A, Y), 1), "Your result is rounded to 1 decimal: keep all digits."),
    (affine, last_missing,
     "Your result is right but for the last entry along axis 1, which is 0: a loop misses one."),
    (affine, lambda W, X, b: W @ X + b if W.shape[0] == W.shape[1] else np.tanh(W @ X),
     "Your code is right only where n equals k."),
    (scaled, lambda z, alpha=0.5: scaled(z), "alpha is ignored: your result is always the one for alpha = 0.5."),
    (scaled, lambda z, alpha=0.5: scaled(z, 1 - alpha),
     "Your result is the one for 1 - alpha: alpha and 1 - alpha are in each other's place."),
    (scaled, lambda z, alpha=0.5: z - alpha * z, None),
    (shares, lambda Z: shares(Z.T).T,
     "You work along the wrong axis: your result is the one for Z transposed, turned back."),
    (shares, lambda Z: np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum(),
     "You take all of Z together; each of its columns stands alone."),
    (shares, naive_shares,
     "Your code is right for ordinary numbers, but gives inf or nan for huge ones: they get out of range."),
    (states, lambda X, h0: states(X, 0 * h0), "h0 counts for nothing: your result is the one for h0 = 0."),
    (states, lambda X, h0: states(X, h0)[:, ::-1], "Your result is in reverse order along axis 1."),
    (states, lambda X, h0: np.column_stack([h0, states(X, h0)]),
     "There is one entry too many along axis 1: leave out the first one."),
    (states, lambda X, h0: np.column_stack([h0, states(X, h0)[:, :-1]]),
     "Your result is shifted by one along axis 1: one step too late."),
    (points, lambda steps: points(steps + 1), "You are off by one: your result is the one for steps + 1."),
    (cells, lambda n, size: cells(n, size) + 1, "Your result is off by one: 1 too much."),
    (shares, lambda Z: 1 - shares(Z), "Your result is 1 minus what it should be."),
    (weighed, lambda p, q: weighed(q, p), "p and q are in each other's place."),
    (step, lambda p, g, rate: step(p, {k: v if "W" in k else 0 * v for k, v in g.items()}, rate),
     "db counts for nothing: your result is the one for db = 0."),
    (step, lambda p, g, rate: step(p, g, -rate),
     "Your result is the one for the opposite of gradients or rate: a sign is wrong."),
    (shares, sigmoid, "You compute sigmoid here: your result is what sigmoid should give for these arguments."),
]  # fmt: skip


@pytest.mark.parametrize(("reference", "wrong", "sentence"), WRONG, ids=[f"{i}" for i in range(len(WRONG))])
def test_what_is_said(reference, wrong, sentence):
    with np.errstate(all="ignore"):
        assert said(reference, wrong) == sentence


def naming_of(wrong, reference=loss, inputs=None):
    calls = calls_of(wrong, reference.__name__, inputs or FUNCTIONS[reference])
    return Naming(reference.__name__, calls, {f.__name__: f for f in FUNCTIONS})


def test_right_code_is_not_explained():
    assert naming_of(loss).name([]) is None


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_what_is_no_number_is_no_factor(value):
    found = said(loss, lambda A, Y: value)
    assert found is None or " times " not in found


def test_two_mistakes_at_once_are_not_explained():
    assert naming_of(lambda A, Y: 2 * loss(A, Y) if A[0, 0] > 0 else -loss(A, Y)).name([]) is None


def test_one_wrong_answer_is_not_enough():
    assert naming_of(lambda A, Y: 2 * loss(A, Y), inputs=FUNCTIONS[loss][:1]).name([]) is None


def test_a_change_that_fits_the_wrong_answers_but_not_the_right_ones_is_not_said():
    """Of |z| the wrong answers have the wrong sign, but the right ones have the right one."""
    numbers = [(np.array(z), 1.0) for z in (-2.0, -1.5, 1.5, 2.5)]
    found = naming_of(lambda z, alpha: np.abs(z), scaled, numbers).name([])
    assert found is None or found.says != "Your result has the wrong sign."


def test_a_rule_that_holds_for_single_entries_alone_is_not_said():
    """Right where n equals k, but only because both are 1 there."""
    wrong = naming_of(lambda W, X, b: affine(W, X, b) if W.size == 1 else np.tanh(affine(W, X, b)), affine)
    found = wrong.name([])
    assert found is None or "equals" not in found.says


def test_only_a_number_that_was_measured_is_marked():
    assert naming_of(lambda A, Y: 3.7 * loss(A, Y)).name([]).measured
    assert not naming_of(lambda A, Y: loss(A, Y) / np.sqrt(2)).name([]).measured


def test_checks_without_a_wrong_answer_are_not_explained():
    naming = naming_of(lambda A, Y: loss(A, Y) * A.shape[1])
    found = naming.name([])
    assert found.about(naming.calls) == found.says
    assert found.about([c for c in naming.calls if c.arguments[0].shape[1] == 1]) is None


def test_a_known_mistake_comes_first():
    def doubles(A, Y):
        return 2 * loss(A, Y)

    known = Mistake("loss", "You double.", doubles)
    assert naming_of(doubles).name([known]).says == "You double."
    assert naming_of(lambda A, Y: -loss(A, Y)).name([known]).says == "Your result has the wrong sign."


def test_words_from_the_reference():
    terms = Terms(mean_gradient)
    assert terms.result(0, 2) == "dW"
    assert terms.result(1, 3) == "result 2"
    assert terms.sizes({"dZ": np.ones((2, 5)), "A": np.ones((3, 5))})["m"] == 5
    assert Terms(scaled).defaults == {"alpha": 0.5}


def test_validation_finds_a_mistake_that_is_named_as_another():
    """Two that do the same in every call and say different things: one of them is named wrongly."""

    def doubles(A, Y):
        return 2 * loss(A, Y)

    def adds_itself(A, Y):
        return loss(A, Y) + loss(A, Y)

    def negates(A, Y):
        return -loss(A, Y)

    said = {doubles: "You double.", adds_itself: "You add it to itself.", negates: "You negate."}
    bank = [
        Wrong(Mistake("loss", says, f), Submission(f.__name__, Source("loss.py", (), {}, (), f.__name__)))
        for f, says in said.items()
    ]
    unlisted = Unlisted(bank)
    for wrong in bank:
        unlisted(wrong.submission.source, naming_of(wrong.mistake.function))
    assert unlisted.said["negates"] == "Your result has the wrong sign."
    assert mistaken(bank, unlisted.said) == ["doubles: You add it to itself.", "adds_itself: You double."]
