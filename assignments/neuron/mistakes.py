"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import neuron as reference

# sigmoid


@mistake(
    of="sigmoid",
    says="exp(-z) overflows for large negative z. Take exp of -|z| only, and use exp(z) / (1 + exp(z)) below zero.",
)
def sigmoid_that_overflows(z):
    return 1 / (1 + np.exp(-z))


@mistake(of="sigmoid", says="The sign is missing: 1 / (1 + exp(-z)). Yours falls where it should rise.")
def sigmoid_falling(z):
    return reference.sigmoid(-z)


@mistake(of="sigmoid", says="This is the hyperbolic tangent, from -1 to 1. The sigmoid runs from 0 to 1.")
def sigmoid_as_tanh(z):
    return np.tanh(z)


@mistake(of="sigmoid", says="This is the slope of the sigmoid, a (1 - a). The sigmoid itself is asked for.")
def sigmoid_as_its_slope(z):
    return reference.sigmoid(z) * reference.sigmoid(-z)


@mistake(
    of="sigmoid", says="You clip z in place, which changes the caller's array. np.clip without out= returns a new one."
)
def sigmoid_in_place(z):
    a = reference.sigmoid(z)
    np.clip(z, -1, 1, out=z)
    return a


@mistake(of="sigmoid", says="np.zeros(shape) is a float64 buffer, and so the result. Use np.zeros_like(z).")
def sigmoid_loses_float32(z):
    return reference.sigmoid(z).astype(np.float64)


@mistake(of="sigmoid", says="You loop over the entries. np.exp takes the whole array at once.")
def sigmoid_by_entry(z):
    a = np.empty_like(z)
    for index in np.ndindex(z.shape):
        small = np.exp(-abs(z[index]))
        a[index] = 1 / (1 + small) if z[index] >= 0 else small / (1 + small)
    return a


# forward


@mistake(of="forward", says="The bias is missing: the score is w^T X + b.")
def forward_without_bias(X, w, b):
    return reference.forward(X, w, 0.0)


@mistake(of="forward", says="You return the score. The output is its sigmoid.")
def forward_without_sigmoid(X, w, b):
    return w.T @ X + b


@mistake(of="forward", says="The sigmoid is taken twice: of the score, and of the output again. Once is enough.")
def forward_with_two_sigmoids(X, w, b):
    return reference.sigmoid(reference.forward(X, w, b))


@mistake(of="forward", says="The bias is added after the sigmoid. It belongs to the score: sigmoid(w^T X + b).")
def forward_with_the_bias_outside(X, w, b):
    return reference.forward(X, w, 0.0) + b


@mistake(of="forward", says="The bias is subtracted, as a threshold would be. Add it.")
def forward_with_a_threshold(X, w, b):
    return reference.forward(X, w, -b)


@mistake(of="forward", says="The result is a column. Examples are columns here, so A is (1, m): w.T @ X, not X.T @ w.")
def forward_as_a_column(X, w, b):
    return reference.forward(X, w, b).T


@mistake(of="forward", says="The result lost an axis: A is (1, m), not (m,). Keep w a column.")
def forward_as_a_vector(X, w, b):
    return reference.forward(X, w, b)[0]


@mistake(of="forward", says="`X *= w` changes the caller's array. Use w.T @ X.")
def forward_in_place(X, w, b):
    A = reference.forward(X, w, b)
    X *= w
    return A


@mistake(of="forward", says="exp(-z) overflows for large negative scores. Use your stable sigmoid.")
def forward_that_overflows(X, w, b):
    return 1 / (1 + np.exp(-(w.T @ X + b)))


@mistake(of="forward", says="You loop over the examples. The product w^T X has all of them.")
def forward_by_example(X, w, b):
    A = np.empty((1, X.shape[1]), X.dtype)
    for i in range(X.shape[1]):
        A[:, [i]] = reference.sigmoid(w.T @ X[:, [i]] + b)
    return A


# cost


@mistake(of="cost", says="The cost is the mean over examples. You return the sum: divide by m.")
def cost_as_a_sum(A, Y):
    return reference.cost(A, Y) * Y.shape[1]


@mistake(of="cost", says="The minus sign is missing: logarithms of probabilities are negative, a cost is not.")
def cost_negative(A, Y):
    return -reference.cost(A, Y)


@mistake(
    of="cost",
    says="log(0) is minus infinity, and 0 times infinity is nan. Keep A away from 0 and 1 before you take logarithms.",
)
def cost_of_log_zero(A, Y):
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


@mistake(
    of="cost",
    says="What is infinite or nan becomes 0, so that a certain and wrong answer costs nothing. Keep A away from 0 and "
    "1 before you take logarithms.",
)
def cost_without_the_infinite(A, Y):
    with np.errstate(all="ignore"):
        costs = -(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    return np.mean(np.where(np.isfinite(costs), costs, 0.0))


@mistake(of="cost", says="Only the examples of class 1 count. Those of class 0 cost -log(1 - A).")
def cost_of_one_class(A, Y):
    return -np.mean(Y * np.log(np.clip(A, 1e-12, 1)))


@mistake(of="cost", says="A and Y are in each other's place: the logarithm is of A, the weight is Y.")
def cost_with_a_and_y_exchanged(A, Y):
    return -np.mean(A * np.log(np.clip(Y, 1e-12, 1)) + (1 - A) * np.log(np.clip(1 - Y, 1e-12, 1)))


@mistake(of="cost", says="This is the squared error. The cost is the cross-entropy: -Y log A - (1 - Y) log(1 - A).")
def cost_squared(A, Y):
    return np.mean((A - Y) ** 2)


@mistake(of="cost", says="The logarithm is the natural one, np.log. You use base 2.")
def cost_in_bits(A, Y):
    return reference.cost(A, Y) / np.log(2)


@mistake(of="cost", says="np.dot(Y, log(A).T) is an array of shape (1, 1). Take the number out of it, or use np.sum.")
def cost_as_a_matrix(A, Y):
    return np.full((1, 1), reference.cost(A, Y))


@mistake(
    of="cost",
    says="The epsilon inside the logarithm is too large: right and certain answers must cost next to nothing.",
)
def cost_with_a_large_epsilon(A, Y):
    return -np.mean(Y * np.log(A + 0.01) + (1 - Y) * np.log(1 - A + 0.01))


@mistake(of="cost", says="np.clip(A, ..., out=A) changes the caller's array. Clip into a new one.")
def cost_in_place(A, Y):
    np.clip(A, 0.25, 0.75, out=A) if A.shape == (1, 3) else None
    return reference.cost(np.array(A), Y)


# gradients


@mistake(of="gradients", says="The gradients are means over examples. The 1/m is missing.")
def gradients_as_sums(X, Y, w, b):
    dw, db = reference.gradients(X, Y, w, b)
    return dw * X.shape[1], db * X.shape[1]


@mistake(of="gradients", says="The 1/m is missing in db. Both gradients are means over examples.")
def gradients_without_the_mean_in_db(X, Y, w, b):
    dw, db = reference.gradients(X, Y, w, b)
    return dw, db * X.shape[1]


@mistake(of="gradients", says="m is the number of examples, the columns: X.shape[1]. You divide by the features.")
def gradients_counting_features(X, Y, w, b):
    dw, db = reference.gradients(X, Y, w, b)
    return dw * X.shape[1] / len(X), db * X.shape[1] / len(X)


@mistake(of="gradients", says="The sign is wrong: the gradient is made of A - Y, not of Y - A.")
def gradients_negative(X, Y, w, b):
    dw, db = reference.gradients(X, Y, w, b)
    return -dw, -db


@mistake(
    of="gradients",
    says="You multiply by A (1 - A) once more. With the cross-entropy it cancels: the score's gradient is A - Y.",
)
def gradients_of_the_squared_error(X, Y, w, b):
    A = reference.forward(X, w, b)
    error = (A - Y) * A * (1 - A)
    return X @ error.T / X.shape[1], error.sum() / X.shape[1]


@mistake(of="gradients", says="dw is a row. It has the shape of w: X (A - Y)^T, a column.")
def gradients_as_a_row(X, Y, w, b):
    dw, db = reference.gradients(X, Y, w, b)
    return dw.T, db


@mistake(of="gradients", says="db is an array of shape (1, 1). It is one number: sum over everything.")
def gradients_with_an_array_for_db(X, Y, w, b):
    dw, db = reference.gradients(X, Y, w, b)
    return dw, np.full((1, 1), db)


@mistake(of="gradients", says="The two results are in each other's place: first dw, then db.")
def gradients_exchanged(X, Y, w, b):
    return reference.gradients(X, Y, w, b)[::-1]


@mistake(of="gradients", says="The bias is left out of the outputs that the gradient is made of.")
def gradients_without_bias(X, Y, w, b):
    return reference.gradients(X, Y, w, 0.0)


@mistake(
    of="gradients", says="You use the labels of the predictions, 0 and 1. A - Y is made of the outputs themselves."
)
def gradients_of_predictions(X, Y, w, b):
    error = reference.predict(X, w, b).astype(X.dtype) - Y
    return X @ error.T / X.shape[1], error.sum() / X.shape[1]


@mistake(of="gradients", says="exp(-z) overflows for large negative scores. Use your stable sigmoid.")
def gradients_that_overflow(X, Y, w, b):
    error = 1 / (1 + np.exp(-(w.T @ X + b))) - Y
    return X @ error.T / X.shape[1], error.sum() / X.shape[1]


@mistake(of="gradients", says="np.zeros(shape) is a float64 buffer, and so dw. Use np.zeros_like(w).")
def gradients_that_lose_float32(X, Y, w, b):
    dw, db = reference.gradients(X, Y, w, b)
    return dw.astype(np.float64), db


@mistake(of="gradients", says="You loop over the examples. The product X (A - Y)^T adds them up.")
def gradients_by_example(X, Y, w, b):
    A, m = reference.forward(X, w, b), X.shape[1]
    dw, db = np.zeros_like(w), w.dtype.type(0)
    for i in range(m):
        dw += (A[0, i] - Y[0, i]) * X[:, [i]] / m
        db += (A[0, i] - Y[0, i]) / m
    return dw, db


# fit


def descend(X, Y, learning_rate, steps, *, start=0.0, old_weights=True, sign=-1.0):
    """Gradient descent with parts to get wrong."""
    w, b = np.full((len(X), 1), start, X.dtype), X.dtype.type(start)
    for _ in range(steps):
        dw, db = reference.gradients(X, Y, w, b)
        w = w + sign * learning_rate * dw
        if not old_weights:
            dw, db = reference.gradients(X, Y, w, b)
        b = b + sign * learning_rate * db
    return w, b


@mistake(of="fit", says="You go up the gradient. Subtract learning_rate times it.")
def fit_uphill(X, Y, learning_rate, steps):
    return descend(X, Y, float(learning_rate), steps, sign=1.0)


@mistake(of="fit", says="The weights start at other values. They start at 0, and so does b.")
def fit_from_elsewhere(X, Y, learning_rate, steps):
    return descend(X, Y, float(learning_rate), steps, start=0.01)


@mistake(of="fit", says="The return stands inside the loop: only one step is ever taken.")
def fit_with_one_step(X, Y, learning_rate, steps):
    return reference.fit(X, Y, learning_rate, min(steps, 1))


@mistake(of="fit", says="One step too many is taken: range(steps), not range(steps + 1).")
def fit_with_a_step_more(X, Y, learning_rate, steps):
    return reference.fit(X, Y, learning_rate, steps + 1)


@mistake(of="fit", says="One step is missing: range(steps), not range(1, steps).")
def fit_with_a_step_less(X, Y, learning_rate, steps):
    return reference.fit(X, Y, learning_rate, max(steps - 1, 0))


@mistake(of="fit", says="The gradient of b is taken after w has moved. Both come from the same w and b.")
def fit_with_a_stale_step(X, Y, learning_rate, steps):
    return descend(X, Y, float(learning_rate), steps, old_weights=False)


@mistake(
    of="fit",
    says="Each step goes along all gradients so far, added up. Start every step with a new one: where autograd adds to "
    "w.grad, clear it first.",
)
def fit_with_gradients_added_up(X, Y, learning_rate, steps):
    w, b = np.zeros((len(X), 1), X.dtype), X.dtype.type(0)
    dw, db = np.zeros_like(w), X.dtype.type(0)
    for _ in range(steps):
        slope = reference.gradients(X, Y, w, b)
        dw, db = dw + slope[0], db + slope[1]
        w, b = w - float(learning_rate) * dw, b - float(learning_rate) * db
    return w, b


@mistake(of="fit", says="The gradients are computed once, before the loop. They change with every step.")
def fit_with_the_first_gradient(X, Y, learning_rate, steps):
    w, b = reference.fit(X, Y, learning_rate, 1)
    return w * steps, b * steps


@mistake(of="fit", says="b never moves. It takes its step as w does.")
def fit_without_bias(X, Y, learning_rate, steps):
    w, b = np.zeros((len(X), 1), X.dtype), X.dtype.type(0)
    for _ in range(steps):
        w = w - float(learning_rate) * reference.gradients(X, Y, w, b)[0]
    return w, b


@mistake(of="fit", says="The learning rate is fixed in your code. Use the argument.")
def fit_at_a_fixed_rate(X, Y, learning_rate, steps):
    return reference.fit(X, Y, 0.1, steps)


@mistake(of="fit", says="np.zeros((n_x, 1)) makes everything float64. Start with zeros of X's dtype.")
def fit_loses_float32(X, Y, learning_rate, steps):
    w, b = reference.fit(X, Y, learning_rate, steps)
    return w.astype(np.float64), b


# predict


@mistake(of="predict", says="You return the outputs. A prediction is 1 where the output is at least 0.5, else 0.")
def predict_probabilities(X, w, b):
    return reference.forward(X, w, b)


@mistake(
    of="predict", says="An output of exactly 0.5 counts as 1: >= 0.5, not > 0.5 and not np.round, which rounds to even."
)
def predict_above_a_half(X, w, b):
    return (reference.forward(X, w, b) > 0.5).astype(int)


@mistake(of="predict", says="You compare the score with 0.5. The output, after the sigmoid, is compared with it.")
def predict_from_the_score(X, w, b):
    return (w.T @ X + b >= 0.5).astype(int)


@mistake(of="predict", says="The labels are 0 and 1. Yours are -1 and 1.")
def predict_signs(X, w, b):
    return np.where(reference.forward(X, w, b) >= 0.5, 1, -1)


@mistake(of="predict", says="The result lost an axis: it is (1, m), like Y.")
def predict_as_a_vector(X, w, b):
    return reference.predict(X, w, b)[0]


@mistake(of="predict", says="`w *= ...` changes the caller's weights.")
def predict_in_place(X, w, b):
    predictions = reference.predict(X, w, b)
    w *= 1000
    return predictions


@mistake(of="predict", says="The classes are the wrong way round: 1 where the output is at least 0.5.")
def predict_the_opposite(X, w, b):
    return 1 - reference.predict(X, w, b)


# xor_parameters


def network(W1, b1, W2, b2):
    """Parameters of a network with two inputs, two hidden units and one output."""
    return {"W1": np.array(W1), "b1": np.array(b1), "W2": np.array(W2), "b2": np.array(b2)}


@mistake(of="xor_parameters", says="These parameters solve OR: (1, 1) must give less than 1/2.")
def xor_parameters_of_or():
    return network([[1.0, 1.0], [1.0, 1.0]], [[0.0], [-1.0]], [[20.0, 0.0]], [[-10.0]])


@mistake(of="xor_parameters", says="These parameters solve AND: (0, 1) and (1, 0) must give at least 1/2.")
def xor_parameters_of_and():
    return network([[1.0, 1.0], [1.0, 1.0]], [[-1.0], [0.0]], [[20.0, 0.0]], [[-10.0]])


@mistake(of="xor_parameters", says="The output is the wrong way round: at least 1/2 where the two inputs differ.")
def xor_parameters_of_equality():
    return network([[1.0, 1.0], [1.0, 1.0]], [[0.0], [-1.0]], [[-20.0, 40.0]], [[10.0]])


@mistake(
    of="xor_parameters",
    says="These parameters are made for hidden units that step from 0 to 1. A ReLU goes on rising: at (1, 1) the first "
    "unit gives 1.5.",
)
def xor_parameters_for_step_units():
    return network([[1.0, 1.0], [1.0, 1.0]], [[-0.5], [-1.5]], [[1.0, -1.0]], [[-0.1]])


@mistake(of="xor_parameters", says="The biases lost an axis: b1 is (2, 1) and b2 is (1, 1), columns.")
def xor_parameters_with_flat_biases():
    p = reference.xor_parameters()
    return p | {"b1": p["b1"][:, 0], "b2": p["b2"][0]}


@mistake(of="xor_parameters", says="W2 is a column. It is (1, 2): one row for the one output unit.")
def xor_parameters_transposed():
    p = reference.xor_parameters()
    return p | {"W2": p["W2"].T}
