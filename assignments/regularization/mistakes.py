"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import regularization as reference

# compute_cost_with_l2


def weights_of(parameters):
    """W1, ..., WL."""
    return [value for name, value in parameters.items() if name.startswith("W")]


@mistake(of="compute_cost_with_l2", says="The penalty is lambd / (2m) sum W^2. The 2 is missing.")
def compute_cost_with_l2_without_the_half(AL, Y, parameters, lambd):
    return reference.compute_cost_with_l2(AL, Y, parameters, 2 * lambd)


@mistake(of="compute_cost_with_l2", says="The penalty is divided by 2m, not by 2: the 1/m is missing.")
def compute_cost_with_l2_without_the_mean(AL, Y, parameters, lambd):
    return reference.compute_cost_with_l2(AL, Y, parameters, lambd * AL.shape[1])


@mistake(of="compute_cost_with_l2", says="Biases are not penalized: sum W^2 only, not b^2.")
def compute_cost_with_l2_with_biases(AL, Y, parameters, lambd):
    extra = sum(np.sum(v**2) for name, v in parameters.items() if name.startswith("b"))
    return reference.compute_cost_with_l2(AL, Y, parameters, lambd) + lambd / (2 * AL.shape[1]) * extra


@mistake(of="compute_cost_with_l2", says="You add up the norms of the weights. The penalty is made of their squares.")
def compute_cost_with_l2_of_norms(AL, Y, parameters, lambd):
    norms = sum(np.linalg.norm(W) for W in weights_of(parameters))
    return reference.compute_cost_with_l2(AL, Y, parameters, 0) + lambd / (2 * AL.shape[1]) * norms


@mistake(of="compute_cost_with_l2", says="This is the L1 penalty, of |W|. L2 is made of squares.")
def compute_cost_with_l2_of_sizes(AL, Y, parameters, lambd):
    sizes = sum(np.sum(np.abs(W)) for W in weights_of(parameters))
    return reference.compute_cost_with_l2(AL, Y, parameters, 0) + lambd / (2 * AL.shape[1]) * sizes


@mistake(
    of="compute_cost_with_l2", says="The weights of the last layer are missing in the penalty: l runs from 1 to L."
)
def compute_cost_with_l2_without_the_last_layer(AL, Y, parameters, lambd):
    total = sum(np.sum(W**2) for W in weights_of(parameters)[:-1])
    return reference.compute_cost_with_l2(AL, Y, parameters, 0) + lambd / (2 * AL.shape[1]) * total


@mistake(of="compute_cost_with_l2", says="The cross-entropy is a mean over examples: its 1/m is missing.")
def compute_cost_with_l2_with_a_sum(AL, Y, parameters, lambd):
    plain = reference.compute_cost_with_l2(AL, Y, parameters, 0)
    return reference.compute_cost_with_l2(AL, Y, parameters, lambd) + (AL.shape[1] - 1) * plain


@mistake(of="compute_cost_with_l2", says="Only the penalty is returned. Add the cross-entropy.")
def compute_cost_with_l2_of_the_penalty_alone(AL, Y, parameters, lambd):
    plain = reference.compute_cost_with_l2(AL, Y, parameters, 0)
    return reference.compute_cost_with_l2(AL, Y, parameters, lambd) - plain


@mistake(
    of="compute_cost_with_l2",
    says="log(0) is minus infinity, and 0 times infinity is nan. Keep AL away from 0 and 1 before you take logarithms.",
)
def compute_cost_with_l2_of_log_zero(AL, Y, parameters, lambd):
    penalty = lambd / (2 * AL.shape[1]) * sum(np.sum(W**2) for W in weights_of(parameters))
    return -np.mean(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) + penalty


@mistake(of="compute_cost_with_l2", says="`W *= W` squares the caller's weights. `W**2` is an array of its own.")
def compute_cost_with_l2_in_place(AL, Y, parameters, lambd):
    cost = reference.compute_cost_with_l2(AL, Y, parameters, lambd)
    for W in weights_of(parameters):
        W *= W
    return cost


# add_l2_gradients


@mistake(of="add_l2_gradients", says="What is added is lambd / m W. The 1/m is missing.")
def add_l2_gradients_without_the_mean(gradients, parameters, lambd, m):
    return reference.add_l2_gradients(gradients, parameters, lambd, 1)


@mistake(
    of="add_l2_gradients",
    says="What is added is lambd / m W: the 2 of the square cancels the 2 of lambd / (2m). You keep one of them.",
)
def add_l2_gradients_with_a_half(gradients, parameters, lambd, m):
    return reference.add_l2_gradients(gradients, parameters, lambd / 2, m)


@mistake(of="add_l2_gradients", says="Biases are not penalized: db stays as it is.")
def add_l2_gradients_with_biases(gradients, parameters, lambd, m):
    return {f"d{name}": gradients[f"d{name}"] + lambd / m * value for name, value in parameters.items()}


@mistake(of="add_l2_gradients", says="The penalty's gradient is added to that of the data. You return it alone.")
def add_l2_gradients_replacing_them(gradients, parameters, lambd, m):
    total = reference.add_l2_gradients(gradients, parameters, lambd, m)
    return {name: lambd / m * parameters[name[1:]] if name.startswith("dW") else total[name] for name in total}


@mistake(of="add_l2_gradients", says="The sign is wrong: a penalty on large weights adds lambd / m W to dW.")
def add_l2_gradients_with_a_minus(gradients, parameters, lambd, m):
    total = reference.add_l2_gradients(gradients, parameters, lambd, m)
    return {name: 2 * gradients[name] - value for name, value in total.items()}


@mistake(of="add_l2_gradients", says="The last layer is missing: l runs from 1 to L.")
def add_l2_gradients_without_the_last_layer(gradients, parameters, lambd, m):
    last = f"dW{len(parameters) // 2}"
    return reference.add_l2_gradients(gradients, parameters, lambd, m) | {last: gradients[last].copy()}


@mistake(
    of="add_l2_gradients",
    says="`gradients[...] += ...` changes the caller's arrays, even in a copied dict. Return new ones.",
)
def add_l2_gradients_in_place(gradients, parameters, lambd, m):
    for name, W in parameters.items():
        if name.startswith("W"):
            gradients[f"d{name}"] += lambd / m * W
    return gradients


@mistake(of="add_l2_gradients", says="The db of the result are the caller's own arrays. Copy them.")
def add_l2_gradients_sharing_the_biases(gradients, parameters, lambd, m):
    total = reference.add_l2_gradients(gradients, parameters, lambd, m)
    return {name: gradients[name] if name.startswith("db") else value for name, value in total.items()}


# weight_decay_step


@mistake(
    of="weight_decay_step", says="The weights shrink by 1 - learning_rate lambd / m. The learning rate is missing."
)
def weight_decay_step_without_the_rate(W, dW, learning_rate, lambd, m):
    return (1 - lambd / m) * W - learning_rate * dW


@mistake(of="weight_decay_step", says="The weights shrink by 1 - learning_rate lambd / m. The 1/m is missing.")
def weight_decay_step_without_the_mean(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd) * W - learning_rate * dW


@mistake(
    of="weight_decay_step",
    says="You shrink after the step, and so the step too. Only the old weights shrink.",
)
def weight_decay_step_shrinking_the_step(W, dW, learning_rate, lambd, m):
    return (1 - learning_rate * lambd / m) * (W - learning_rate * dW)


@mistake(of="weight_decay_step", says="The weights grow: the factor is 1 - learning_rate lambd / m, with a minus.")
def weight_decay_step_growing(W, dW, learning_rate, lambd, m):
    return (1 + learning_rate * lambd / m) * W - learning_rate * dW


@mistake(of="weight_decay_step", says="The step goes up the gradient. Subtract learning_rate dW.")
def weight_decay_step_uphill(W, dW, learning_rate, lambd, m):
    return reference.weight_decay_step(W, -dW, learning_rate, lambd, m)


@mistake(of="weight_decay_step", says="The weights shrink by half of what they should: the factor has lambd / m, no 2.")
def weight_decay_step_by_half(W, dW, learning_rate, lambd, m):
    return reference.weight_decay_step(W, dW, learning_rate, lambd / 2, m)


@mistake(of="weight_decay_step", says="`W *= ...` changes the caller's weights. Return a new array.")
def weight_decay_step_in_place(W, dW, learning_rate, lambd, m):
    W *= 1 - learning_rate * lambd / m
    W -= learning_rate * dW
    return W


# forward_with_dropout


@mistake(
    of="forward_with_dropout",
    says="keep_prob is the probability of keeping an entry. You drop with this probability.",
)
def forward_with_dropout_dropping(A_prev, keep_prob, rng):
    D = rng.random(A_prev.shape) >= keep_prob
    return A_prev * D / keep_prob, D


@mistake(of="forward_with_dropout", says="What is kept must be divided by keep_prob.")
def forward_with_dropout_without_scaling(A_prev, keep_prob, rng):
    A, D = reference.forward_with_dropout(A_prev, keep_prob, rng)
    return A * keep_prob, D


@mistake(of="forward_with_dropout", says="What is kept is multiplied by keep_prob. Divide: it must become larger.")
def forward_with_dropout_multiplying(A_prev, keep_prob, rng):
    A, D = reference.forward_with_dropout(A_prev, keep_prob, rng)
    return A * keep_prob**2, D


@mistake(
    of="forward_with_dropout",
    says="D is the mask alone, True or False. Yours has been divided by keep_prob, and the backward pass would divide "
    "once more.",
)
def forward_with_dropout_with_a_scaled_mask(A_prev, keep_prob, rng):
    A, D = reference.forward_with_dropout(A_prev, keep_prob, rng)
    return A, D / keep_prob


@mistake(of="forward_with_dropout", says="You draw from a global generator. Draw from the argument rng alone.")
def forward_with_dropout_from_the_global_generator(A_prev, keep_prob, rng):
    D = np.random.rand(*A_prev.shape) < keep_prob  # noqa: NPY002
    return A_prev * D / keep_prob, D


@mistake(
    of="forward_with_dropout",
    says="You seed the generator yourself, so every call has the same mask. Draw from the argument rng.",
)
def forward_with_dropout_with_its_own_seed(A_prev, keep_prob, rng):
    return reference.forward_with_dropout(A_prev, keep_prob, np.random.default_rng(1))


@mistake(
    of="forward_with_dropout",
    says="One column of random numbers serves all examples. Each entry is dropped by itself: rng.random(A_prev.shape).",
)
def forward_with_dropout_of_whole_units(A_prev, keep_prob, rng):
    row = rng.random((len(A_prev), *[1] * (A_prev.ndim - 1))) < keep_prob
    D = np.ascontiguousarray(np.broadcast_to(row, A_prev.shape))
    return A_prev * D / keep_prob, D


@mistake(
    of="forward_with_dropout",
    says="One row of random numbers serves all units. Each entry is dropped by itself: rng.random(A_prev.shape).",
)
def forward_with_dropout_of_whole_examples(A_prev, keep_prob, rng):
    D = np.ascontiguousarray(np.broadcast_to(rng.random(A_prev.shape[1:]) < keep_prob, A_prev.shape))
    return A_prev * D / keep_prob, D


@mistake(
    of="forward_with_dropout",
    says="The mask has two axes: rng.random((A_prev.shape[0], A_prev.shape[1])). Activations may have any shape: "
    "rng.random(A_prev.shape).",
)
def forward_with_dropout_of_matrices(A_prev, keep_prob, rng):
    D = rng.random((A_prev.shape[0], A_prev.shape[1])) < keep_prob
    return A_prev * D / keep_prob, D


@mistake(of="forward_with_dropout", says="The two results are in each other's place: first A, then D.")
def forward_with_dropout_mask_first(A_prev, keep_prob, rng):
    A, D = reference.forward_with_dropout(A_prev, keep_prob, rng)
    return D, A


@mistake(of="forward_with_dropout", says="`A_prev *= D` changes the caller's array. Return a new one.")
def forward_with_dropout_in_place(A_prev, keep_prob, rng):
    A, D = reference.forward_with_dropout(A_prev, keep_prob, rng)
    A_prev[...] = A
    return A, D


@mistake(
    of="forward_with_dropout",
    says="With keep_prob 1 you hand the caller's own array back. Return a copy.",
)
def forward_with_dropout_sharing_memory(A_prev, keep_prob, rng):
    A, D = reference.forward_with_dropout(A_prev, keep_prob, rng)
    return (A_prev if keep_prob == 1 else A), D


@mistake(
    of="forward_with_dropout",
    says="The mask was turned into float64, and so was the result. A mask of True and False leaves float32 alone.",
)
def forward_with_dropout_loses_float32(A_prev, keep_prob, rng):
    A, D = reference.forward_with_dropout(A_prev, keep_prob, rng)
    return A.astype(np.float64), D


# backward_with_dropout


@mistake(of="backward_with_dropout", says="The division by keep_prob is missing: the forward pass had it too.")
def backward_with_dropout_without_scaling(dA, D, keep_prob):
    return dA * D


@mistake(of="backward_with_dropout", says="You multiply by keep_prob. Divide, as in the forward pass.")
def backward_with_dropout_multiplying(dA, D, keep_prob):
    return dA * D * keep_prob


@mistake(of="backward_with_dropout", says="The mask is missing: no gradient passes where an entry was dropped.")
def backward_with_dropout_without_the_mask(dA, D, keep_prob):
    return dA / keep_prob


@mistake(of="backward_with_dropout", says="The mask is upside down: gradients pass where D is True.")
def backward_with_dropout_with_the_opposite_mask(dA, D, keep_prob):
    return dA * ~D / keep_prob


@mistake(
    of="backward_with_dropout", says="You draw a new mask. The gradient passes where the forward pass kept: use D."
)
def backward_with_dropout_with_a_new_mask(dA, D, keep_prob):
    return dA * (np.random.default_rng(1).random(dA.shape) < keep_prob) / keep_prob


@mistake(of="backward_with_dropout", says="You divide by 1 - keep_prob. What was kept was divided by keep_prob.")
def backward_with_dropout_by_the_dropped_share(dA, D, keep_prob):
    return dA * D / (1 - keep_prob)


@mistake(of="backward_with_dropout", says="`dA *= D` changes the caller's array. Return a new one.")
def backward_with_dropout_in_place(dA, D, keep_prob):
    dA *= D
    dA /= keep_prob
    return dA


# EarlyStopping: each mistake makes the object


class Stopping:
    """Early stopping with parts to get wrong: what improves, when to stop, what to keep."""

    def __init__(self, patience, min_delta, improves=None, stops=None, resets=True, keep=None, update_always=False):
        self.patience, self.min_delta, self.waited = patience, min_delta, 0
        self.improves = improves or (lambda loss: self.best_loss - loss > self.min_delta)
        self.stops = stops or (lambda: self.waited >= self.patience)
        self.keep = keep or (lambda parameters: {name: value.copy() for name, value in parameters.items()})
        self.resets, self.update_always = resets, update_always
        self.best_loss, self.best_parameters, self.last = math.inf, None, math.inf

    def update(self, loss, parameters=None):
        improved = self.improves(loss)
        if improved or self.update_always:
            self.best_loss = loss
            self.best_parameters = None if parameters is None else self.keep(parameters)
        if improved:
            self.waited = 0 if self.resets else self.waited
        else:
            self.waited += 1
        self.last = loss
        return self.stops()


@mistake(
    of="EarlyStopping",
    says="A loss that is lower by exactly min_delta, or equal where min_delta is 0, counts as an improvement in your "
    "code. It must be lower by more.",
)
def stopping_not_strictly(patience, min_delta=0):
    stopping = Stopping(patience, min_delta, improves=lambda loss: stopping.best_loss - loss >= min_delta)
    return stopping


@mistake(
    of="EarlyStopping",
    says="You stop one update too late: True comes with update number `patience` in a row that does not improve.",
)
def stopping_late(patience, min_delta=0):
    stopping = Stopping(patience, min_delta, stops=lambda: stopping.waited > patience)
    return stopping


@mistake(of="EarlyStopping", says="You stop one update too early: `patience` updates in a row must fail to improve.")
def stopping_early(patience, min_delta=0):
    stopping = Stopping(patience, min_delta, stops=lambda: stopping.waited >= max(1, patience - 1))
    return stopping


@mistake(of="EarlyStopping", says="An improvement must set the count back to 0: only updates in a row count.")
def stopping_without_a_reset(patience, min_delta=0):
    return Stopping(patience, min_delta, resets=False)


@mistake(of="EarlyStopping", says="You compare with the previous loss. Compare with the best one.")
def stopping_by_the_previous_loss(patience, min_delta=0):
    stopping = Stopping(patience, min_delta, improves=lambda loss: stopping.last - loss > min_delta)
    return stopping


@mistake(of="EarlyStopping", says="min_delta is ignored: an improvement is lower than the best loss by more than that.")
def stopping_without_min_delta(patience, min_delta=0):
    return Stopping(patience, 0)


@mistake(of="EarlyStopping", says="The sign of min_delta is wrong: best_loss + min_delta lets worse losses pass.")
def stopping_with_the_opposite_min_delta(patience, min_delta=0):
    return Stopping(patience, -min_delta)


@mistake(
    of="EarlyStopping",
    says="best_loss and best_parameters follow every update. They change on an improvement only.",
)
def stopping_keeping_the_last(patience, min_delta=0):
    return Stopping(patience, min_delta, update_always=True)


class Creeping(Stopping):
    """The best loss goes down with every lower loss, also by less than min_delta."""

    def update(self, loss, parameters=None):
        answer = super().update(loss, parameters)
        self.best_loss = min(self.best_loss, loss)
        return answer


@mistake(
    of="EarlyStopping",
    says="best_loss goes down with every lower loss, so many small steps never count. It changes only where a loss is "
    "lower by more than min_delta.",
)
def stopping_with_a_creeping_best(patience, min_delta=0):
    return Creeping(patience, min_delta)


@mistake(
    of="EarlyStopping",
    says="A higher loss counts as better in your code. A loss is to become small.",
)
def stopping_that_climbs(patience, min_delta=0):
    def higher(loss):
        return stopping.best_loss == math.inf or loss - stopping.best_loss > min_delta

    stopping = Stopping(patience, min_delta, improves=higher)
    return stopping


@mistake(
    of="EarlyStopping",
    says="best_parameters are the caller's own arrays, and change with them. Copy each array.",
)
def stopping_without_a_copy(patience, min_delta=0):
    return Stopping(patience, min_delta, keep=dict)


@mistake(of="EarlyStopping", says="best_parameters are never set.")
def stopping_without_parameters(patience, min_delta=0):
    return Stopping(patience, min_delta, keep=lambda parameters: None)


@mistake(
    of="EarlyStopping",
    says="A loss of nan becomes the best one, because no comparison with nan holds. Ask whether the loss is lower, not "
    "whether it fails to be higher.",
)
def stopping_at_nan(patience, min_delta=0):
    stopping = Stopping(patience, min_delta, improves=lambda loss: not loss >= stopping.best_loss - min_delta)
    return stopping


class Silent(Stopping):
    """Says nothing."""

    def update(self, loss, parameters=None):
        super().update(loss, parameters)


@mistake(of="EarlyStopping", says="update returns nothing. It returns True or False: whether to stop.")
def stopping_silently(patience, min_delta=0):
    return Silent(patience, min_delta)
