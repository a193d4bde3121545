"""Checks that come with the handout: worked examples, laws of the gates, slopes of your own forward functions."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_gradient,
    assert_stable,
    assert_that,
    assert_vectorised,
    given,
    points,
    sampled_from,
    seeds,
)

# The handout's worked example: one feature, two units, two examples, two time steps.
X = np.array([[[1.0, -1.0], [0.5, 2.0]]])
H0 = np.array([[0.5, 0.0], [-0.5, 1.0]])
C0 = np.array([[1.0, -1.0], [0.0, 2.0]])
DH = np.array([[[1.0, 0.0], [0.0, -1.0]], [[0.5, 2.0], [1.0, 0.0]]])
LSTM = {
    "Wf": np.array([[1.0, 0.0, 0.5], [0.0, 1.0, -1.0]]),
    "Wi": np.array([[0.5, -1.0, 1.0], [1.0, 0.0, 0.0]]),
    "Wc": np.array([[0.0, 1.0, -1.0], [1.0, -0.5, 2.0]]),
    "Wo": np.array([[1.0, 1.0, 0.0], [-1.0, 0.5, 1.0]]),
    "bf": np.array([[1.0], [0.5]]),
    "bi": np.array([[0.0], [-0.5]]),
    "bc": np.array([[0.5], [0.0]]),
    "bo": np.array([[0.0], [1.0]]),
}
GRU = {
    "Wz": np.array([[1.0, 0.0, 0.5], [0.0, 1.0, -1.0]]),
    "Wr": np.array([[0.5, -1.0, 1.0], [1.0, 0.0, 0.0]]),
    "Wh": np.array([[0.0, 1.0, -1.0], [1.0, -0.5, 2.0]]),
    "bz": np.array([[1.0], [0.5]]),
    "br": np.array([[0.0], [-0.5]]),
    "bh": np.array([[0.5], [0.0]]),
}
OPEN, CLOSED = (
    60.0,
    -60.0,
)  # a bias that holds a gate at 1 or at 0: whatever else goes in, the sigmoid misses it by 1e-15 at most
STATES = ("H", "C")

sequences = arrays("n_x", "m", "T")
states = arrays("n_h", "m", low=-1.0, high=1.0)
slopes = arrays("n_h", "m", "T")


def parameters_of(gates, n_h, n_x, seed):
    """A weight over [h; x] and a bias for each gate."""
    generator = np.random.default_rng(seed)
    W = {f"W{gate}": np.round(generator.uniform(-1, 1, (n_h, n_h + n_x)), 1) for gate in gates}
    return W | {f"b{gate}": np.round(generator.uniform(-1, 1, (n_h, 1)), 1) for gate in gates}


def lstm_of(h0, X, seed, **biases):
    """Parameters of an LSTM that fits a state and a sequence; biases given by name are the same for all units."""
    P = parameters_of("fico", len(h0), len(X), seed)
    return P | {name: np.full((len(h0), 1), value) for name, value in biases.items()}


def gru_of(h0, X, seed, **biases):
    """Parameters of a GRU that fits a state and a sequence; biases given by name are the same for all units."""
    P = parameters_of("zrh", len(h0), len(X), seed)
    return P | {name: np.full((len(h0), 1), value) for name, value in biases.items()}


def twice(*arrays):
    """Every example twice."""
    return [np.concatenate([a, a], axis=1) for a in arrays]


def batch_of(n):
    """A sequence of three steps for n examples, with the states before it."""
    generator = np.random.default_rng(n)
    return generator.normal(size=(1, n, 3)), generator.normal(size=(2, n)), generator.normal(size=(2, n))


def slopes_of(n):
    return np.random.default_rng(n + 1).normal(size=(2, n, 3))


# lstm_cell


@points(2)
def test_lstm_cell_of_the_worked_example(student):
    """lstm_cell gives the numbers of the worked example for the first time step."""
    h = [[0.11394123248989459, -0.3319236659618769], [0.35671082890006306, 0.8164933233960678]]
    c = [[0.23195480284867798, -0.4897670941823925], [0.4959298622841039, 1.6365851778750515]]
    assert_close(student.lstm_cell(X[:, :, 0], H0, C0, LSTM), (np.array(h), np.array(c)), names=("h", "c"))


@points(1.5)
@given(x_t=arrays("n_x", "m"), h_prev=states, c_prev=arrays("n_h", "m"), seed=seeds())
def test_lstm_cell_that_remembers(student, x_t, h_prev, c_prev, seed):
    """With the forget gate held open and the input gate closed, the cell state stays as it is."""
    P = lstm_of(h_prev, x_t, seed, bf=OPEN, bi=CLOSED)
    _, c = student.lstm_cell(x_t, h_prev, c_prev, P)
    assert_close(c, c_prev, label="c", hint="f multiplies c_prev, i multiplies what is new")


@points(1)
@given(x_t=arrays("n_x", "m"), h_prev=states, c_prev=arrays("n_h", "m"), seed=seeds())
def test_lstm_cell_that_is_overwritten(student, x_t, h_prev, c_prev, seed):
    """With the forget gate closed and the input gate open, the new c is the candidate, tanh(Wc [h; x] + bc)."""
    P = lstm_of(h_prev, x_t, seed, bf=CLOSED, bi=OPEN)
    _, c = student.lstm_cell(x_t, h_prev, c_prev, P)
    assert_close(c, np.tanh(P["Wc"] @ np.vstack([h_prev, x_t]) + P["bc"]), label="c")


@points(1)
@given(x_t=arrays("n_x", "m"), h_prev=states, c_prev=arrays("n_h", "m"), seed=seeds())
def test_lstm_cell_with_the_output_held_open(student, x_t, h_prev, c_prev, seed):
    """With the output gate held open, h is tanh(c)."""
    h, c = student.lstm_cell(x_t, h_prev, c_prev, lstm_of(h_prev, x_t, seed, bo=OPEN))
    assert_close(h, np.tanh(c), label="h")


@points(0.5)
@given(x_t=arrays("n_x", 3), h_prev=arrays("n_h", 3), c_prev=arrays("n_h", 3), seed=seeds())
def test_lstm_cell_examples_do_not_meet(student, x_t, h_prev, c_prev, seed):
    """An example gives alone what it gives in a batch."""
    P = lstm_of(h_prev, x_t, seed)
    h, c = student.lstm_cell(x_t, h_prev, c_prev, P)
    alone = student.lstm_cell(*(a[:, 1:2].copy() for a in (x_t, h_prev, c_prev)), P)
    assert_close((h[:, 1:2], c[:, 1:2]), alone, names=("h", "c"))


@points(1)
def test_lstm_cell_of_large_inputs(student):
    """Inputs of 10000 and -10000 open and close the gates without a warning."""
    x_t, zero = np.array([[1e4, -1e4]]), np.zeros((1, 2))
    P = {f"W{g}": np.array([[0.0, 1.0]]) for g in "fico"} | {f"b{g}": np.zeros((1, 1)) for g in "fico"}
    expected = (np.array([[np.tanh(3.0), 0.0]]), np.array([[3.0, 0.0]]))
    assert_stable(student.lstm_cell, x_t, zero, np.array([[2.0, 5.0]]), P, expected=expected)


@points(1)
@given(x_t=arrays("n_x", "m"), h_prev=states, c_prev=arrays("n_h", "m"), seed=seeds())
def test_lstm_cell_contract(student, x_t, h_prev, c_prev, seed):
    """lstm_cell leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.lstm_cell, x_t, h_prev, c_prev, lstm_of(h_prev, x_t, seed))


# lstm_forward


@points(2)
def test_lstm_forward_of_the_worked_example(student):
    """lstm_forward gives the numbers of the worked example: units, examples, time."""
    H = [
        [[0.11394123248989459, 0.20950921262580993], [-0.3319236659618769, -0.4270657584001615]],
        [[0.35671082890006306, 0.01913585840538676], [0.8164933233960678, 0.6757438271849721]],
    ]
    C = [
        [[0.23195480284867798, 0.3545082257026526], [-0.4897670941823925, -0.8481889072123014]],
        [[0.4959298622841039, 0.03709496173744359], [1.6365851778750515, 0.8513858603356559]],
    ]
    assert_close(student.lstm_forward(X, H0, C0, LSTM), (np.array(H), np.array(C)), names=STATES)


@points(2)
@given(X=sequences, h0=states, c0=arrays("n_h", "m"), seed=seeds())
def test_lstm_forward_is_one_cell_after_another(student, X, h0, c0, seed):
    """Each time step is your lstm_cell on the states of the step before."""
    P = lstm_of(h0, X, seed)
    h, c, H, C = h0, c0, [], []
    for t in range(X.shape[2]):
        h, c = map(np.asarray, student.lstm_cell(X[:, :, t].copy(), h, c, P))
        H.append(h)
        C.append(c)
    expected = (np.stack(H, axis=2), np.stack(C, axis=2))
    assert_close(student.lstm_forward(X, h0, c0, P), expected, names=STATES)


@points(1.5)
@given(X=arrays("n_x", "m", "T>=2"), h0=states, c0=arrays("n_h", "m"), seed=seeds())
def test_lstm_forward_in_two_parts(student, X, h0, c0, seed):
    """Reading the first step alone and then, from its states, the rest is the same as reading all at once."""
    P = lstm_of(h0, X, seed)
    H, C = student.lstm_forward(X, h0, c0, P)
    h1, c1 = (np.asarray(states)[:, :, 0].copy() for states in student.lstm_forward(X[:, :, :1].copy(), h0, c0, P))
    rest = student.lstm_forward(X[:, :, 1:].copy(), h1, c1, P)
    assert_close(rest, (H[:, :, 1:], C[:, :, 1:]), names=STATES, hint="carry both h and c")


@points(1)
@given(X=arrays("n_x", "m", "T>=2"), h0=states, c0=arrays("n_h", "m"), seed=seeds())
def test_lstm_forward_does_not_see_the_future(student, X, h0, c0, seed):
    """Another last input leaves all earlier states unchanged."""
    P, other = lstm_of(h0, X, seed), X.copy()
    other[:, :, -1] += 1
    (H, C), (H_other, C_other) = student.lstm_forward(X, h0, c0, P), student.lstm_forward(other, h0, c0, P)
    assert_close((H_other[:, :, :-1], C_other[:, :, :-1]), (H[:, :, :-1], C[:, :, :-1]), names=STATES)


@points(0.5)
@given(X=sequences, h0=states, c0=arrays("n_h", "m"), seed=seeds())
def test_lstm_forward_contract(student, X, h0, c0, seed):
    """lstm_forward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.lstm_forward, X, h0, c0, lstm_of(h0, X, seed))


@points(1)
def test_lstm_forward_vectorised(student):
    """lstm_forward loops over time, but not over examples."""
    assert_vectorised(student.lstm_forward, inputs=lambda n: (*batch_of(n), LSTM))


# lstm_backward


@points(3)
def test_lstm_backward_of_the_worked_example(student):
    """lstm_backward gives the numbers of the worked example."""
    gradients = {
        "dWf": [
            [0.012054347130388386, 0.025046846935100123, 0.09397472063405399],
            [0.006805366982966301, 0.06862465279800055, -0.03606729699509485],
        ],
        "dWi": [
            [-0.02992089355367129, 0.02036371640699988, 0.026260334416724186],
            [0.12543294443390293, -0.22553544840161074, 0.5526515933245899],
        ],
        "dWc": [
            [0.11620313459398318, -0.2154601208501549, -0.19042052820252114],
            [0.007961597269125077, 0.04001511747030614, 0.0018377442163140904],
        ],
        "dWo": [
            [-0.03218307750524606, 0.09296594694779153, 0.36022227069502144],
            [0.024193425724544637, 0.07904260227212773, 0.07290659369254053],
        ],
        "dbf": [[0.08620000941461317], [0.1070463794182698]],
        "dbi": [[-0.02514093155087107], [0.07827426593479955]],
        "dbc": [[-0.04859470583216352], [0.07174427219834485]],
        "dbo": [[0.18838686188977788], [0.15720594799224408]],
    }
    dX = [[[-0.08178368583033528, 0.01083430442998265], [0.12891130293491834, 0.20223997042469732]]]
    dh0 = [[0.3359000200991008, -0.05085838411896087], [0.22581094033364332, 0.06178111301586109]]
    dc0 = [[0.32026320648478884, -0.1204878403708133], [0.331518858748132, 0.08797341079159608]]
    expected = ({k: np.array(v) for k, v in gradients.items()}, np.array(dX), np.array(dh0), np.array(dc0))
    got = student.lstm_backward(DH, X, H0, C0, LSTM)
    assert_close(got, expected, names=("gradients", "dX", "dh0", "dc0"))


@points(3)
@given(dH=slopes, X=sequences, h0=states, c0=states, gate=sampled_from("fico"), seed=seeds())
def test_lstm_backward_is_the_slope_by_the_parameters(student, dH, X, h0, c0, gate, seed):
    """The gradient of each gate's weight and bias is the derivative of sum(dH * H), with H of your lstm_forward."""
    P = lstm_of(h0, X, seed)
    gradients, _, _, _ = student.lstm_backward(dH, X, h0, c0, P)
    for name in (f"W{gate}", f"b{gate}"):
        assert_that(isinstance(gradients, dict) and f"d{name}" in gradients, f"The gradients lack the key d{name}.")
        assert_gradient(
            gradients[f"d{name}"],
            f=lambda at, name=name: student.lstm_forward(X, h0, c0, {**P, name: at})[0],
            at=P[name],
            cotangent=dH,
            name=f"d{name}",
        )


@points(1.5)
@given(dH=slopes, X=sequences, h0=states, c0=states, seed=seeds())
def test_lstm_backward_is_the_slope_by_the_inputs(student, dH, X, h0, c0, seed):
    """dX is the derivative of sum(dH * H) by the inputs of all time steps."""
    P = lstm_of(h0, X, seed)
    _, dX, _, _ = student.lstm_backward(dH, X, h0, c0, P)
    assert_gradient(dX, f=lambda at: student.lstm_forward(at, h0, c0, P)[0], at=X, cotangent=dH, name="dX")


@points(1.5)
@given(dH=slopes, X=sequences, h0=states, c0=states, seed=seeds())
def test_lstm_backward_is_the_slope_by_the_first_states(student, dH, X, h0, c0, seed):
    """dh0 and dc0 are the derivatives of sum(dH * H) by the states before the first step."""
    P = lstm_of(h0, X, seed)
    _, _, dh0, dc0 = student.lstm_backward(dH, X, h0, c0, P)
    assert_gradient(dh0, f=lambda at: student.lstm_forward(X, at, c0, P)[0], at=h0, cotangent=dH, name="dh0")
    assert_gradient(dc0, f=lambda at: student.lstm_forward(X, h0, at, P)[0], at=c0, cotangent=dH, name="dc0")


@points(1.5)
@given(dH=slopes, X=sequences, h0=states, c0=states, seed=seeds())
def test_lstm_backward_adds_up_over_examples(student, dH, X, h0, c0, seed):
    """With every example twice, the gradients of the parameters are twice as large: they are sums, not means."""
    P = lstm_of(h0, X, seed)
    once, _, _, _ = student.lstm_backward(dH, X, h0, c0, P)
    both, _, _, _ = student.lstm_backward(*twice(dH, X, h0, c0), P)
    assert_close(both, {name: 2 * np.asarray(value) for name, value in once.items()}, label="gradients", slack=1e-12)


@points(1)
@given(dH=slopes, other=slopes, X=sequences, h0=states, c0=states, seed=seeds())
def test_lstm_backward_is_linear_in_the_gradient(student, dH, other, X, h0, c0, seed):
    """The sum of two gradients at the states gives the sum of their results at the inputs."""
    P = lstm_of(h0, X, seed)
    first, second, both = (np.asarray(student.lstm_backward(d, X, h0, c0, P)[1]) for d in (dH, other, dH + other))
    assert_close(both, first + second, label="dX", slack=1e-12)


@points(0.5)
@given(dH=slopes, X=sequences, h0=states, c0=states, seed=seeds())
def test_lstm_backward_contract(student, dH, X, h0, c0, seed):
    """lstm_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.lstm_backward, dH, X, h0, c0, lstm_of(h0, X, seed))


@points(1)
def test_lstm_backward_vectorised(student):
    """lstm_backward loops over time, but not over examples."""
    assert_vectorised(student.lstm_backward, inputs=lambda n: (slopes_of(n), *batch_of(n), LSTM))


# gru_cell


@points(2)
def test_gru_cell_of_the_worked_example(student):
    """gru_cell gives the numbers of the worked example for the first time step."""
    h = [[-0.49983588033237686, 0.2802708363162887], [-0.09984101078112056, 0.7589466255496773]]
    assert_close(student.gru_cell(X[:, :, 0], H0, GRU), np.array(h))


@points(1.5)
@given(x_t=arrays("n_x", "m"), h_prev=states, seed=seeds())
def test_gru_cell_that_remembers(student, x_t, h_prev, seed):
    """With the update gate z held at 0, the state stays as it is."""
    P = gru_of(h_prev, x_t, seed, bz=CLOSED)
    assert_close(student.gru_cell(x_t, h_prev, P), h_prev, hint="z = 1 takes the candidate, z = 0 keeps the state")


@points(1)
@given(x_t=arrays("n_x", "m"), h_prev=states, other=states, seed=seeds())
def test_gru_cell_that_forgets(student, x_t, h_prev, other, seed):
    """With z held at 1 and the reset gate r at 0, the state before has no influence."""
    P = gru_of(h_prev, x_t, seed, bz=OPEN, br=CLOSED)
    got = student.gru_cell(x_t, other, P)
    assert_close(got, student.gru_cell(x_t, h_prev, P), hint="r multiplies the state in the candidate")


@points(1)
@given(x_t=arrays("n_x", "m"), h_prev=states, seed=seeds())
def test_gru_cell_that_takes_the_candidate(student, x_t, h_prev, seed):
    """With z and r held at 1, the new state is the candidate, tanh(Wh [h; x] + bh)."""
    P = gru_of(h_prev, x_t, seed, bz=OPEN, br=OPEN)
    assert_close(student.gru_cell(x_t, h_prev, P), np.tanh(P["Wh"] @ np.vstack([h_prev, x_t]) + P["bh"]))


@points(1)
def test_gru_cell_of_large_inputs(student):
    """Inputs of 10000 and -10000 open and close the gates without a warning."""
    P = {f"W{g}": np.array([[0.0, 1.0]]) for g in "zrh"} | {f"b{g}": np.zeros((1, 1)) for g in "zrh"}
    x_t, h_prev = np.array([[1e4, -1e4]]), np.array([[0.5, -0.25]])
    assert_stable(student.gru_cell, x_t, h_prev, P, expected=np.array([[1.0, -0.25]]))


@points(0.5)
@given(x_t=arrays("n_x", "m"), h_prev=states, seed=seeds())
def test_gru_cell_contract(student, x_t, h_prev, seed):
    """gru_cell leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.gru_cell, x_t, h_prev, gru_of(h_prev, x_t, seed))


# gru_forward


@points(1.5)
def test_gru_forward_of_the_worked_example(student):
    """gru_forward gives the numbers of the worked example: units, examples, time."""
    H = [
        [[-0.49983588033237686, 0.20022738993447853], [0.2802708363162887, -0.7194763257548007]],
        [[-0.09984101078112056, -0.7985672049297324], [0.7589466255496773, 0.8365584134235271]],
    ]
    assert_close(student.gru_forward(X, H0, GRU), np.array(H))


@points(1.5)
@given(X=sequences, h0=states, seed=seeds())
def test_gru_forward_is_one_cell_after_another(student, X, h0, seed):
    """Each time step is your gru_cell on the state of the step before."""
    P = gru_of(h0, X, seed)
    h, H = h0, []
    for t in range(X.shape[2]):
        h = np.asarray(student.gru_cell(X[:, :, t].copy(), h, P))
        H.append(h)
    assert_close(student.gru_forward(X, h0, P), np.stack(H, axis=2))


@points(1)
@given(X=arrays("n_x", "m", "T>=2"), h0=states, seed=seeds())
def test_gru_forward_in_two_parts(student, X, h0, seed):
    """Reading the first step alone and then, from its state, the rest is the same as reading all at once."""
    P = gru_of(h0, X, seed)
    first = np.asarray(student.gru_forward(X[:, :, :1].copy(), h0, P))
    rest = student.gru_forward(X[:, :, 1:].copy(), first[:, :, 0].copy(), P)
    assert_close(rest, student.gru_forward(X, h0, P)[:, :, 1:])


@points(0.5)
@given(X=arrays("n_x", "m", "T>=2"), h0=states, seed=seeds())
def test_gru_forward_does_not_see_the_future(student, X, h0, seed):
    """Another last input leaves all earlier states unchanged."""
    P, other = gru_of(h0, X, seed), X.copy()
    other[:, :, -1] += 1
    assert_close(student.gru_forward(other, h0, P)[:, :, :-1], student.gru_forward(X, h0, P)[:, :, :-1])


@points(0.5)
@given(X=sequences, h0=states, seed=seeds())
def test_gru_forward_contract(student, X, h0, seed):
    """gru_forward leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.gru_forward, X, h0, gru_of(h0, X, seed))


@points(1)
def test_gru_forward_vectorised(student):
    """gru_forward loops over time, but not over examples."""
    assert_vectorised(student.gru_forward, inputs=lambda n: (*batch_of(n)[:2], GRU))


# gru_backward


@points(2.5)
def test_gru_backward_of_the_worked_example(student):
    """gru_backward gives the numbers of the worked example."""
    gradients = {
        "dWz": [
            [-0.034721801051270616, 0.1276564777716931, 0.06233675097104191],
            [0.2281409575593898, -0.11871117662368064, 0.42821118347940224],
        ],
        "dWr": [
            [0.004332434384578289, 0.0007148859276146313, 0.008667631472019738],
            [-0.049271597989600596, -0.05856088724194682, -0.20300044837938863],
        ],
        "dWh": [
            [0.1620599338385941, -0.2475377036662479, -0.07263270985179582],
            [-0.00938685609259972, 0.1285913917535658, 0.08668163748331457],
        ],
        "dbz": [[-0.03213460599804786], [-0.15275695957427696]],
        "dbr": [[-0.008165834639442086], [-0.17089298561499572]],
        "dbh": [[0.20334781018484022], [0.44596774555047874]],
    }
    dX = [[[-0.7678626343635522, 0.45237521266603875], [0.7915594625151527, 0.34103946203428903]]]
    dh0 = [[-0.06313966601861368, 0.06642152554140257], [0.8961608314902424, 0.09719032014880172]]
    expected = ({k: np.array(v) for k, v in gradients.items()}, np.array(dX), np.array(dh0))
    assert_close(student.gru_backward(DH, X, H0, GRU), expected, names=("gradients", "dX", "dh0"))


@points(2.5)
@given(dH=slopes, X=sequences, h0=states, gate=sampled_from("zrh"), seed=seeds())
def test_gru_backward_is_the_slope_by_the_parameters(student, dH, X, h0, gate, seed):
    """The gradient of each gate's weight and bias is the derivative of sum(dH * H), with H of your gru_forward."""
    P = gru_of(h0, X, seed)
    gradients, _, _ = student.gru_backward(dH, X, h0, P)
    for name in (f"W{gate}", f"b{gate}"):
        assert_that(isinstance(gradients, dict) and f"d{name}" in gradients, f"The gradients lack the key d{name}.")
        assert_gradient(
            gradients[f"d{name}"],
            f=lambda at, name=name: student.gru_forward(X, h0, {**P, name: at}),
            at=P[name],
            cotangent=dH,
            name=f"d{name}",
        )


@points(1)
@given(dH=slopes, X=sequences, h0=states, seed=seeds())
def test_gru_backward_is_the_slope_by_the_inputs(student, dH, X, h0, seed):
    """dX is the derivative of sum(dH * H) by the inputs of all time steps."""
    P = gru_of(h0, X, seed)
    _, dX, _ = student.gru_backward(dH, X, h0, P)
    assert_gradient(dX, f=lambda at: student.gru_forward(at, h0, P), at=X, cotangent=dH, name="dX")


@points(1)
@given(dH=slopes, X=sequences, h0=states, seed=seeds())
def test_gru_backward_is_the_slope_by_the_first_state(student, dH, X, h0, seed):
    """dh0 is the derivative of sum(dH * H) by the state before the first step."""
    P = gru_of(h0, X, seed)
    _, _, dh0 = student.gru_backward(dH, X, h0, P)
    assert_gradient(dh0, f=lambda at: student.gru_forward(X, at, P), at=h0, cotangent=dH, name="dh0")


@points(1)
@given(dH=slopes, X=sequences, h0=states, seed=seeds())
def test_gru_backward_adds_up_over_examples(student, dH, X, h0, seed):
    """With every example twice, the gradients of the parameters are twice as large: they are sums, not means."""
    P = gru_of(h0, X, seed)
    once, _, _ = student.gru_backward(dH, X, h0, P)
    both, _, _ = student.gru_backward(*twice(dH, X, h0), P)
    assert_close(both, {name: 2 * np.asarray(value) for name, value in once.items()}, label="gradients", slack=1e-12)


@points(1)
@given(dH=slopes, other=slopes, X=sequences, h0=states, seed=seeds())
def test_gru_backward_is_linear_in_the_gradient(student, dH, other, X, h0, seed):
    """The sum of two gradients at the states gives the sum of their results at the inputs."""
    P = gru_of(h0, X, seed)
    first, second, both = (np.asarray(student.gru_backward(d, X, h0, P)[1]) for d in (dH, other, dH + other))
    assert_close(both, first + second, label="dX", slack=1e-12)


@points(0.5)
@given(dH=slopes, X=sequences, h0=states, seed=seeds())
def test_gru_backward_contract(student, dH, X, h0, seed):
    """gru_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.gru_backward, dH, X, h0, gru_of(h0, X, seed))


@points(1)
def test_gru_backward_vectorised(student):
    """gru_backward loops over time, but not over examples."""
    assert_vectorised(student.gru_backward, inputs=lambda n: (slopes_of(n), *batch_of(n)[:2], GRU))


# bidirectional


@points(1.5)
def test_bidirectional_of_the_worked_example(student):
    """bidirectional gives the numbers of the worked example: the forward states above, the backward ones below."""
    expected = [
        [[-0.49983588033237686, 0.20022738993447853], [0.2802708363162887, -0.7194763257548007]],
        [[-0.09984101078112056, -0.7985672049297324], [0.7589466255496773, 0.8365584134235271]],
        [[0.6263599100473091, 0.6524523319000702], [-0.7002234958066353, -0.7671860384567104]],
        [[-0.5005800060236272, 0.1606073158729254], [0.5743764120492445, 0.8718638725528509]],
    ]
    backward = {name: -value for name, value in GRU.items()}
    assert_close(student.bidirectional(X, H0, C0, GRU, backward), np.array(expected))


@points(1)
@given(X=sequences, ahead=states, behind=states, seed=seeds())
def test_bidirectional_forward_half(student, X, ahead, behind, seed):
    """The first n_h rows are your gru_forward with the forward parameters."""
    P, other = gru_of(ahead, X, seed), gru_of(ahead, X, seed + 1)
    got = student.bidirectional(X, ahead, behind, P, other)
    assert_close(got[: len(ahead)], student.gru_forward(X, ahead, P), label="the first half")


@points(1.5)
@given(X=sequences, ahead=states, behind=states, seed=seeds())
def test_bidirectional_backward_half(student, X, ahead, behind, seed):
    """The last n_h rows are your gru_forward on the reversed sequence, turned back to the order of X."""
    P, other = gru_of(ahead, X, seed), gru_of(ahead, X, seed + 1)
    got = student.bidirectional(X, ahead, behind, P, other)
    turned = np.asarray(student.gru_forward(X[:, :, ::-1].copy(), behind, other))[:, :, ::-1]
    assert_close(got[len(ahead) :], turned, label="the second half", hint="both halves are in the order of X")


@points(1)
@given(X=sequences, ahead=states, behind=states, seed=seeds())
def test_bidirectional_of_a_reversed_sequence(student, X, ahead, behind, seed):
    """Reversing X and exchanging the two directions reverses the result and exchanges its halves."""
    P, other = gru_of(ahead, X, seed), gru_of(ahead, X, seed + 1)
    got = np.asarray(student.bidirectional(X[:, :, ::-1].copy(), behind, ahead, other, P))
    exchanged = np.concatenate([got[len(ahead) :], got[: len(ahead)]])[:, :, ::-1]
    assert_close(exchanged, student.bidirectional(X, ahead, behind, P, other), label="the exchanged result")


@points(0.5)
@given(X=sequences, ahead=states, behind=states, seed=seeds())
def test_bidirectional_contract(student, X, ahead, behind, seed):
    """bidirectional leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.bidirectional, X, ahead, behind, gru_of(ahead, X, seed), gru_of(ahead, X, seed + 1))


@points(0.5)
def test_bidirectional_vectorised(student):
    """bidirectional loops over time, but not over examples."""
    assert_vectorised(student.bidirectional, inputs=lambda n: (*batch_of(n), GRU, GRU))
