"""Known mistakes are recognised by what their random results are on average, whichever numbers are drawn."""

from dataclasses import replace

import numpy as np
import pytest

from grader.judge.diagnosis.listed import Case, Mistake
from grader.judge.diagnosis.resembling import MANY, resembled, resembles
from grader.judge.trial import Call
from grader.worker.codec import Generator

SIDE = 120
SEEDS = 100


def layer(n_out, n_in, rng):
    """Normal weights, and biases of zero."""
    return rng.normal(size=(n_out, n_in)), np.zeros((n_out, 1))


def doubled(n_out, n_in, rng):
    W, b = layer(n_out, n_in, rng)
    return 2 * W, b


def uniform(n_out, n_in, rng):
    return rng.uniform(-1, 1, (n_out, n_in)) * np.sqrt(3), np.zeros((n_out, 1))


def copied(n_out, n_in, rng):
    return np.tile(rng.normal(size=(1, n_in)), (n_out, 1)), np.zeros((n_out, 1))


def transposed(n_out, n_in, rng):
    return layer(n_in, n_out, rng)


def with_biases(n_out, n_in, rng):
    return *layer(n_out, n_in, rng)[:1], rng.normal(size=(n_out, 1))


KNOWN = [Mistake("layer", f.__name__, f) for f in (doubled, uniform, copied, transposed, with_biases)]


def cases(function, *shapes, change=lambda value: value, reference=layer, **options):
    """What a student's function did that draws other numbers from the same generator."""
    seen = []
    for seed, shape in enumerate(shapes):
        value = change(function(*shape, np.random.default_rng(1000 + seed)))
        seen.append(Call("layer", (*shape, Generator(seed)), {}, options, {"value": value}))
    return [Case(call, reference) for call in seen]


def said(cases, known=KNOWN, reference=layer):
    found = resembled(cases, known, reference, "numpy")
    return found and found.says


LARGE, SMALL = (SIDE, 2 * SIDE), (2, 3)


@pytest.mark.parametrize("wrong", [m.function for m in KNOWN])
def test_a_known_mistake_is_recognised(wrong):
    assert said(cases(wrong, SMALL, LARGE, LARGE)) == wrong.__name__


def test_nothing_is_said_of_right_code_that_draws_other_numbers():
    assert said(cases(layer, SMALL, LARGE, LARGE)) is None


def test_nothing_is_said_of_another_mistake():
    assert said(cases(lambda *a: (3 * layer(*a)[0], layer(*a)[1]), SMALL, LARGE, LARGE)) is None


def test_few_numbers_tell_shapes_and_what_is_settled_only():
    assert SMALL[0] * SMALL[1] < MANY
    assert said(cases(doubled, SMALL, SMALL)) is None
    assert said(cases(transposed, SMALL, SMALL)) == "transposed"
    assert said(cases(with_biases, SMALL, SMALL)) == "with_biases"


def test_what_fits_two_sentences_is_not_named():
    both = [Mistake("layer", says, transposed) for says in ("one", "other")]
    assert said(cases(transposed, SMALL, SMALL), both) is None
    assert said(cases(transposed, SMALL, SMALL), both[:1] * 2) == "one"


def test_every_call_must_fit():
    assert said([*cases(doubled, LARGE, LARGE), *cases(layer, LARGE)]) is None


def test_a_type_is_no_matter_where_no_argument_has_one():
    assert said(cases(doubled, LARGE, LARGE, change=lambda v: tuple(p.astype(np.float32) for p in v))) == "doubled"


def test_functions_without_a_generator_are_left_to_others():
    seen = [Case(Call("layer", (x,), {}, {}, {"value": 2 * x}), lambda x: x) for x in (1.0, 2.0)]
    assert resembled(seen, [Mistake("layer", "twice", lambda x: 2 * x)], lambda x: x, "numpy") is None


@pytest.mark.parametrize(("extra", "says"), [(1.0, "doubled"), (np.tanh, None)])
def test_functions_among_the_arguments_leave_too_much_open(extra, says):
    def with_another(function):
        return lambda n_out, n_in, rng, _: function(n_out, n_in, rng)

    calls = [case.call for case in cases(doubled, LARGE, LARGE)]
    seen = [Case(replace(c, arguments=(*c.arguments, extra)), with_another(layer)) for c in calls]
    known = [Mistake("layer", "doubled", with_another(doubled))]
    assert said(seen, known, with_another(layer)) == says


def test_a_single_random_number_tells_nothing():
    """Code that draws one of the best would be like any choice among them."""

    def first(rng):
        return 0

    def any_of_three(rng):
        return int(rng.integers(3))

    calls = [Call("layer", (Generator(seed),), {}, {}, {"value": 2}) for seed in range(3)]
    assert said([Case(c, first) for c in calls], [Mistake("layer", "any", any_of_three)], first) is None


def test_samples_of_one_kind_are_never_told_apart():
    """Rows that are drawn as a whole have few numbers of their own, and masks only two."""

    def masked(n_out, n_in, rng):
        return rng.random((n_out, n_in)) < 0.9, np.zeros(1)

    for kind in (layer, uniform, copied, masked):
        for seed in range(SEEDS):
            call = Call("layer", (*LARGE, Generator(seed)), {}, {}, {})
            call.outcome["value"] = kind(*LARGE, np.random.default_rng(SEEDS + seed))
            assert resembles(Case(call, kind), kind, "numpy")
