"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import losses as reference
from reference.with_numpy.activations import softmax

# one_hot


@mistake(of="one_hot", says="You return one row for each example. Examples are columns: transpose.")
def one_hot_of_rows(labels, classes):
    return reference.one_hot(labels, classes).T.copy()


@mistake(
    of="one_hot",
    says="You count the classes in the labels, by their maximum or with np.unique. A batch may lack some: use classes.",
)
def one_hot_of_the_classes_seen(labels, classes):
    return reference.one_hot(labels, int(labels.max()) + 1)


@mistake(of="one_hot", says="The ones are a row too high: labels count from 0, so label 0 is row 0.")
def one_hot_counting_from_one(labels, classes):
    return np.eye(classes)[:, labels - 1]


@mistake(of="one_hot", says="Two classes get a single row here. Each class has one, also where there are only two.")
def one_hot_of_two_in_one_row(labels, classes):
    return labels[None] * 1.0 if classes == 2 else reference.one_hot(labels, classes)


@mistake(of="one_hot", says="You write the label into the column. Write a 1.")
def one_hot_of_the_labels(labels, classes):
    return reference.one_hot(labels, classes) * labels


@mistake(of="one_hot", says="`Y[labels] = 1` fills whole rows. Each example has its own: Y[labels, np.arange(m)] = 1.")
def one_hot_of_whole_rows(labels, classes):
    Y = np.zeros((classes, len(labels)))
    Y[labels] = 1
    return Y


@mistake(
    of="one_hot", says="The smallest label is subtracted, in the array of the caller. Labels count from 0 already."
)
def one_hot_in_place(labels, classes):
    labels -= labels.min()
    return reference.one_hot(labels, classes)


@mistake(of="one_hot", says="You visit every label in Python. np.eye(classes)[:, labels] takes all at once.")
def one_hot_label_by_label(labels, classes):
    Y = np.zeros((classes, len(labels)))
    for i, label in enumerate(labels):
        Y[label, i] = 1
    return Y


# binary_cross_entropy


def logarithms(A):
    """log A and log(1 - A), bounded."""
    return np.log(np.clip(A, 1e-12, 1)), np.log(np.clip(1 - A, 1e-12, 1))


@mistake(of="binary_cross_entropy", says="The loss is the mean over examples. You return the sum: divide by m.")
def binary_cross_entropy_as_a_sum(A, Y):
    return reference.binary_cross_entropy(A, Y) * A.shape[1]


@mistake(
    of="binary_cross_entropy",
    says="You divide by K m, as a mean over all entries does. Units are added up: divide by m alone.",
)
def binary_cross_entropy_as_a_mean_over_units(A, Y):
    return reference.binary_cross_entropy(A, Y) / len(A)


@mistake(
    of="binary_cross_entropy", says="m is the number of examples, the columns: Y.shape[1]. You divide by the rows."
)
def binary_cross_entropy_divided_by_units(A, Y):
    return reference.binary_cross_entropy(A, Y) * A.shape[1] / len(A)


@mistake(of="binary_cross_entropy", says="The minus sign is missing: logarithms of probabilities are negative.")
def binary_cross_entropy_negative(A, Y):
    return -reference.binary_cross_entropy(A, Y)


@mistake(
    of="binary_cross_entropy",
    says="log(0) is minus infinity, and 0 times infinity is nan. Keep A away from 0 and 1, as with np.clip.",
)
def binary_cross_entropy_of_log_zero(A, Y):
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / A.shape[1]


@mistake(of="binary_cross_entropy", says="The terms of the noes are missing: (1 - Y) log(1 - A).")
def binary_cross_entropy_of_the_yeses(A, Y):
    return -np.sum(Y * logarithms(A)[0]) / A.shape[1]


@mistake(of="binary_cross_entropy", says="log(1 - A) is weighted with Y. Its weight is 1 - Y.")
def binary_cross_entropy_with_one_weight(A, Y):
    yes, no = logarithms(A)
    return -np.sum(Y * (yes + no)) / A.shape[1]


@mistake(of="binary_cross_entropy", says="The logarithm is the natural one, np.log. You use base 2.")
def binary_cross_entropy_in_bits(A, Y):
    return reference.binary_cross_entropy(A, Y) / math.log(2)


@mistake(
    of="binary_cross_entropy",
    says="np.dot(Y, log(A).T) pairs every unit with every other. Multiply entry by entry, then sum.",
)
def binary_cross_entropy_by_a_matrix_product(A, Y):
    yes, no = logarithms(A)
    return -np.sum(Y @ yes.T + (1 - Y) @ no.T) / A.shape[1]


def with_epsilon(A, Y):
    """The right loss, with an epsilon inside the logarithms."""
    return -np.sum(Y * np.log(A + 1e-8) + (1 - Y) * np.log(1 - A + 1e-8)) / A.shape[1]


@mistake(of="binary_cross_entropy", says="The loss is the mean over examples. You return the sum: divide by m.")
def binary_cross_entropy_as_a_sum_with_an_epsilon(A, Y):
    return with_epsilon(A, Y) * A.shape[1]


@mistake(
    of="binary_cross_entropy",
    says="You divide by K m, as a mean over all entries does. Units are added up: divide by m alone.",
)
def binary_cross_entropy_as_a_mean_over_units_with_an_epsilon(A, Y):
    return with_epsilon(A, Y) / len(A)


@mistake(of="binary_cross_entropy", says="The minus sign is missing: logarithms of probabilities are negative.")
def binary_cross_entropy_negative_with_an_epsilon(A, Y):
    return -with_epsilon(A, Y)


@mistake(of="binary_cross_entropy", says="The terms of the noes are missing: (1 - Y) log(1 - A).")
def binary_cross_entropy_of_the_yeses_with_an_epsilon(A, Y):
    return -np.sum(Y * np.log(A + 1e-8)) / A.shape[1]


@mistake(
    of="binary_cross_entropy",
    says="np.dot(Y, log(A).T) pairs every unit with every other. Multiply entry by entry, then sum.",
)
def binary_cross_entropy_by_a_matrix_product_with_an_epsilon(A, Y):
    return -np.sum(Y @ np.log(A + 1e-8).T + (1 - Y) @ np.log(1 - A + 1e-8).T) / A.shape[1]


@mistake(of="binary_cross_entropy", says="This is the squared error. The loss is -Y log A - (1 - Y) log(1 - A).")
def binary_cross_entropy_squared(A, Y):
    return np.sum((A - Y) ** 2) / A.shape[1]


@mistake(
    of="binary_cross_entropy",
    says="Targets are rounded to yes or no. Soft ones count on both sides, with their shares.",
)
def binary_cross_entropy_of_rounded_targets(A, Y):
    return reference.binary_cross_entropy(A, np.where(Y >= 0.5, 1.0, 0.0))


@mistake(
    of="binary_cross_entropy",
    says="nan_to_num makes certain and wrong answers free: 0 times infinity is not 0 here. Bound the logarithm.",
)
def binary_cross_entropy_without_the_infinite(A, Y):
    with np.errstate(all="ignore"):
        each = Y * np.log(A) + (1 - Y) * np.log(1 - A)
    return -np.nan_to_num(each, nan=0.0, neginf=0.0).sum() / A.shape[1]


@mistake(of="binary_cross_entropy", says="`np.clip(A, ..., out=A)` changes the array of the caller. Leave `out` away.")
def binary_cross_entropy_in_place(A, Y):
    np.clip(A, 1e-9, 1 - 1e-9, out=A)
    return reference.binary_cross_entropy(A, Y)


@mistake(of="binary_cross_entropy", says="You visit the examples one by one. np.sum takes the whole array at once.")
def binary_cross_entropy_example_by_example(A, Y):
    m = A.shape[1]
    return sum(float(reference.binary_cross_entropy(A[:, i : i + 1], Y[:, i : i + 1])) for i in range(m)) / m


# binary_cross_entropy_with_logits


@mistake(of="binary_cross_entropy_with_logits", says="The loss is the mean over examples. You return the sum.")
def binary_cross_entropy_with_logits_as_a_sum(Z, Y):
    return reference.binary_cross_entropy_with_logits(Z, Y) * Z.shape[1]


@mistake(
    of="binary_cross_entropy_with_logits",
    says="You divide by K m, as a mean over all entries does. Units are added up.",
)
def binary_cross_entropy_with_logits_as_a_mean_over_units(Z, Y):
    return reference.binary_cross_entropy_with_logits(Z, Y) / len(Z)


@mistake(
    of="binary_cross_entropy_with_logits",
    says="exp overflows for large scores: log(1 + exp(Z)) is max(Z, 0) + log(1 + exp(-|Z|)).",
)
def binary_cross_entropy_with_logits_overflows(Z, Y):
    return np.sum(np.log(1 + np.exp(Z)) - Y * Z) / Z.shape[1]


def sigmoid(Z):
    return 0.5 * (1 + np.tanh(Z / 2))


@mistake(
    of="binary_cross_entropy_with_logits",
    says="Far out the sigmoid rounds to 0 or 1, and its logarithm is infinite. Compute the loss from Z itself.",
)
def binary_cross_entropy_with_logits_by_the_sigmoid(Z, Y):
    A = sigmoid(Z)
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Z.shape[1]


@mistake(
    of="binary_cross_entropy_with_logits",
    says="Clipping the sigmoid caps the loss: a certain and wrong answer costs |Z|. Compute the loss from Z itself.",
)
def binary_cross_entropy_with_logits_clipped(Z, Y):
    A = np.clip(sigmoid(Z), 1e-15, 1 - 1e-15)
    return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Z.shape[1]


@mistake(
    of="binary_cross_entropy_with_logits",
    says="An epsilon inside the logarithm caps the loss: a certain and wrong answer costs |Z|. Start from Z.",
)
def binary_cross_entropy_with_logits_with_an_epsilon(Z, Y):
    A = sigmoid(Z)
    return -np.sum(Y * np.log(A + 1e-8) + (1 - Y) * np.log(1 - A + 1e-8)) / Z.shape[1]


@mistake(
    of="binary_cross_entropy_with_logits",
    says="Scores are cut off at -500 and 500, and so is the loss: a certain and wrong answer costs |Z|.",
)
def binary_cross_entropy_with_logits_of_clipped_scores(Z, Y):
    return reference.binary_cross_entropy_with_logits(np.clip(Z, -500, 500), Y)


@mistake(of="binary_cross_entropy_with_logits", says="Z are scores, not probabilities: the sigmoid is missing.")
def binary_cross_entropy_with_logits_of_probabilities(Z, Y):
    with np.errstate(all="ignore"):
        return -np.sum(Y * np.log(Z) + (1 - Y) * np.log(1 - Z)) / Z.shape[1]


@mistake(
    of="binary_cross_entropy_with_logits",
    says="The minus sign belongs to |Z|: log(1 + exp(-|Z|)). With exp(-Z), negative scores are wrong.",
)
def binary_cross_entropy_with_logits_without_the_absolute_value(Z, Y):
    with np.errstate(over="ignore"):
        return np.sum(np.maximum(Z, 0) - Y * Z + np.log1p(np.exp(-Z))) / Z.shape[1]


@mistake(
    of="binary_cross_entropy_with_logits",
    says="The term log(1 + exp(-|Z|)) is missing. It is small far from zero, and log 2 at zero.",
)
def binary_cross_entropy_with_logits_of_the_hinge(Z, Y):
    return np.sum(np.maximum(Z, 0) - Y * Z) / Z.shape[1]


@mistake(of="binary_cross_entropy_with_logits", says="The sign of Y Z is wrong: log(1 + exp(Z)) - Y Z.")
def binary_cross_entropy_with_logits_of_the_opposite(Z, Y):
    return reference.binary_cross_entropy_with_logits(Z, -Y)


@mistake(
    of="binary_cross_entropy_with_logits",
    says="This is right for the answer yes only: log(1 + exp(-Z)). For a no it is log(1 + exp(Z)).",
)
def binary_cross_entropy_with_logits_of_the_yeses(Z, Y):
    return np.sum(Y * np.logaddexp(0, -Z)) / Z.shape[1]


@mistake(
    of="binary_cross_entropy_with_logits",
    says="Targets are rounded to yes or no. Soft ones count on both sides, with their shares.",
)
def binary_cross_entropy_with_logits_of_rounded_targets(Z, Y):
    return reference.binary_cross_entropy_with_logits(Z, np.where(Y >= 0.5, 1.0, 0.0))


@mistake(of="binary_cross_entropy_with_logits", says="`Z *= ...` changes the array of the caller. Write `Z = Z * ...`.")
def binary_cross_entropy_with_logits_in_place(Z, Y):
    Z *= 1 - 2 * Y
    return reference.binary_cross_entropy_with_logits(Z, np.zeros_like(Z))


@mistake(
    of="binary_cross_entropy_with_logits",
    says="You visit the examples one by one. np.sum takes the whole array at once.",
)
def binary_cross_entropy_with_logits_example_by_example(Z, Y):
    m = Z.shape[1]
    parts = [reference.binary_cross_entropy_with_logits(Z[:, i : i + 1], Y[:, i : i + 1]) for i in range(m)]
    return sum(map(float, parts)) / m


# cross_entropy


@mistake(of="cross_entropy", says="The loss is the mean over examples. You return the sum: divide by m.")
def cross_entropy_as_a_sum(P, Y):
    return reference.cross_entropy(P, Y) * P.shape[1]


@mistake(
    of="cross_entropy",
    says="You divide by K m, as a mean over all entries does. Classes are added up: divide by m alone.",
)
def cross_entropy_as_a_mean_over_classes(P, Y):
    return reference.cross_entropy(P, Y) / len(P)


@mistake(of="cross_entropy", says="m is the number of examples, the columns: Y.shape[1]. You divide by the rows.")
def cross_entropy_divided_by_classes(P, Y):
    return reference.cross_entropy(P, Y) * P.shape[1] / len(P)


@mistake(of="cross_entropy", says="The minus sign is missing: logarithms of probabilities are negative, a loss is not.")
def cross_entropy_negative(P, Y):
    return -reference.cross_entropy(P, Y)


@mistake(of="cross_entropy", says="The loss is the mean over examples. You return the sum: divide by m.")
def cross_entropy_as_a_sum_with_an_epsilon(P, Y):
    return -np.sum(Y * np.log(P + 1e-8))


@mistake(
    of="cross_entropy",
    says="You divide by K m, as a mean over all entries does. Classes are added up: divide by m alone.",
)
def cross_entropy_as_a_mean_over_classes_with_an_epsilon(P, Y):
    return -np.sum(Y * np.log(P + 1e-8)) / P.size


@mistake(of="cross_entropy", says="The minus sign is missing: logarithms of probabilities are negative, a loss is not.")
def cross_entropy_negative_with_an_epsilon(P, Y):
    return np.sum(Y * np.log(P + 1e-8)) / P.shape[1]


@mistake(
    of="cross_entropy",
    says="Only targets of exactly 1 count here. Y may be any distribution: each class counts with its share Y.",
)
def cross_entropy_of_certain_targets(P, Y):
    return reference.cross_entropy(P, (Y == 1).astype(P.dtype))


@mistake(
    of="cross_entropy",
    says="log(0) is minus infinity, and 0 times infinity is nan. Keep P away from 0 inside the log, as with np.clip.",
)
def cross_entropy_of_log_zero(P, Y):
    return -np.sum(Y * np.log(P)) / P.shape[1]


@mistake(
    of="cross_entropy",
    says="log(0) is minus infinity, and 0 times infinity is nan. Keep P away from 0 inside the log, as with np.clip.",
)
def cross_entropy_with_an_epsilon_outside(P, Y):
    return -np.sum(Y * (np.log(P) + 1e-8)) / P.shape[1]


@mistake(
    of="cross_entropy",
    says="The terms (1 - Y) log(1 - P) belong to yes-or-no questions. Among classes only the right one counts.",
)
def cross_entropy_of_questions(P, Y):
    return reference.binary_cross_entropy(P, Y)


@mistake(
    of="cross_entropy",
    says="You pick the likeliest class of each target with argmax. Soft targets count every class with its share.",
)
def cross_entropy_of_the_likeliest(P, Y):
    m = P.shape[1]
    return -np.log(np.clip(P[Y.argmax(axis=0), np.arange(m)], 1e-12, 1)).sum() / m


@mistake(of="cross_entropy", says="The logarithm is the natural one, np.log. You use base 2.")
def cross_entropy_in_bits(P, Y):
    return reference.cross_entropy(P, Y) / math.log(2)


@mistake(of="cross_entropy", says="Only the first class counts. Sum over all rows.")
def cross_entropy_of_the_first_class(P, Y):
    return reference.cross_entropy(P[:1], Y[:1])


@mistake(of="cross_entropy", says="P and Y are exchanged: the logarithm is that of P, weighted with Y.")
def cross_entropy_exchanged(P, Y):
    return reference.cross_entropy(Y, P)


@mistake(
    of="cross_entropy", says="The loss of the first example alone comes back. Sum over all of them, and divide by m."
)
def cross_entropy_of_the_first_example(P, Y):
    return reference.cross_entropy(P[:, :1], Y[:, :1])


@mistake(
    of="cross_entropy",
    says="nan_to_num makes certain and wrong answers free. Bound the logarithm instead.",
)
def cross_entropy_without_the_infinite(P, Y):
    with np.errstate(all="ignore"):
        return -np.nan_to_num(Y * np.log(P), nan=0.0, neginf=0.0).sum() / P.shape[1]


@mistake(of="cross_entropy", says="`P += epsilon` changes the array of the caller. Write np.log(P + epsilon).")
def cross_entropy_in_place(P, Y):
    P += 1e-9
    return -np.sum(Y * np.log(P)) / P.shape[1]


@mistake(of="cross_entropy", says="You visit the examples one by one. np.sum takes the whole array at once.")
def cross_entropy_example_by_example(P, Y):
    m = P.shape[1]
    return sum(float(reference.cross_entropy(P[:, i : i + 1], Y[:, i : i + 1])) for i in range(m)) / m


# softmax_cross_entropy


def with_slope(change):
    """The right loss, with a changed gradient."""

    def wrong(Z, Y):
        loss, dZ = reference.softmax_cross_entropy(Z, Y)
        return loss, change(dZ, Z, Y)

    return wrong


@mistake(of="softmax_cross_entropy", says="The softmax runs over each row. Examples are columns here: sum over axis 0.")
def softmax_cross_entropy_over_rows(Z, Y):
    P = softmax(Z.T).T
    return -np.sum(Y * np.log(np.maximum(P, 1e-300))) / Z.shape[1], (P - Y) / Z.shape[1]


@mistake(
    of="softmax_cross_entropy",
    says="The exponentials are added up along each row. Examples are columns here: their sum is over axis 0.",
)
def softmax_cross_entropy_with_sums_of_rows(Z, Y):
    E = np.exp(Z - Z.max(axis=0))
    P = E / E.sum(axis=1, keepdims=True)
    return -np.sum(Y * np.log(np.maximum(P, 1e-300))) / Z.shape[1], (P - Y) / Z.shape[1]


@mistake(
    of="softmax_cross_entropy",
    says="exp overflows for large scores. Subtract the maximum of each column first: the result is the same.",
)
def softmax_cross_entropy_overflows(Z, Y):
    with np.errstate(all="ignore"):
        P = np.exp(Z) / np.exp(Z).sum(axis=0)
        return -np.sum(Y * np.log(P)) / Z.shape[1], (P - Y) / Z.shape[1]


@mistake(
    of="softmax_cross_entropy",
    says="A softmax that rounds to 0 has an infinite logarithm. log softmax is Z minus the log of the sum of exp.",
)
def softmax_cross_entropy_by_the_softmax(Z, Y):
    with np.errstate(all="ignore"):
        P = softmax(Z)
        return -np.sum(Y * np.log(P)) / Z.shape[1], (P - Y) / Z.shape[1]


@mistake(
    of="softmax_cross_entropy",
    says="An epsilon inside the logarithm caps the loss. log softmax is Z minus the log of the sum of exp.",
)
def softmax_cross_entropy_with_an_epsilon(Z, Y):
    P = softmax(Z)
    return -np.sum(Y * np.log(P + 1e-12)) / Z.shape[1], (P - Y) / Z.shape[1]


@mistake(
    of="softmax_cross_entropy",
    says="You subtract the maximum of the whole batch. An example whose scores all lie far below it becomes 0/0: "
    "subtract the maximum of each column.",
)
def softmax_cross_entropy_with_one_maximum(Z, Y):
    with np.errstate(all="ignore"):
        shifted = Z - Z.max()
        logs = shifted - np.log(np.exp(shifted).sum(axis=0))
        return -np.sum(Y * logs) / Z.shape[1], (np.exp(logs) - Y) / Z.shape[1]


@mistake(of="softmax_cross_entropy", says="dZ lacks the 1/m: the loss is a mean, and so is its gradient.")
def softmax_cross_entropy_without_the_mean_in_dz(Z, Y):
    return with_slope(lambda dZ, Z, Y: dZ * Z.shape[1])(Z, Y)


@mistake(of="softmax_cross_entropy", says="The loss lacks the 1/m: it is the mean over examples, not the sum.")
def softmax_cross_entropy_with_a_sum(Z, Y):
    loss, dZ = reference.softmax_cross_entropy(Z, Y)
    return loss * Z.shape[1], dZ


@mistake(
    of="softmax_cross_entropy",
    says="You divide by K m, as a mean over all entries does. Classes are added up: divide by m alone.",
)
def softmax_cross_entropy_as_a_mean_over_classes(Z, Y):
    loss, dZ = reference.softmax_cross_entropy(Z, Y)
    return loss / len(Z), dZ / len(Z)


@mistake(of="softmax_cross_entropy", says="The sign of dZ is wrong: it is softmax(Z) - Y, over m.")
def softmax_cross_entropy_uphill(Z, Y):
    return with_slope(lambda dZ, Z, Y: -dZ)(Z, Y)


@mistake(
    of="softmax_cross_entropy",
    says="The slope of softmax has cancelled against the logarithm. Do not multiply by P (1 - P) again.",
)
def softmax_cross_entropy_with_the_slope_twice(Z, Y):
    return with_slope(lambda dZ, Z, Y: dZ * softmax(Z) * (1 - softmax(Z)))(Z, Y)


@mistake(
    of="softmax_cross_entropy",
    says="This is the gradient by the probabilities, -Y / P. dZ is the one by the scores: softmax(Z) - Y, over m.",
)
def softmax_cross_entropy_by_the_probabilities(Z, Y):
    return with_slope(lambda dZ, Z, Y: -Y / np.maximum(softmax(Z), 1e-300) / Z.shape[1])(Z, Y)


@mistake(
    of="softmax_cross_entropy",
    says="You subtract 1 at the likeliest class of the target. With soft targets it is softmax(Z) - Y.",
)
def softmax_cross_entropy_of_the_likeliest(Z, Y):
    return reference.softmax_cross_entropy(Z, np.eye(len(Y), dtype=Y.dtype)[:, Y.argmax(axis=0)])


@mistake(of="softmax_cross_entropy", says="Only the loss comes back. Return the tuple (loss, dZ).")
def softmax_cross_entropy_without_dz(Z, Y):
    return reference.softmax_cross_entropy(Z, Y)[0]


@mistake(
    of="softmax_cross_entropy", says="`Z -= Z.max(...)` changes the array of the caller. Write `Z = Z - Z.max(...)`."
)
def softmax_cross_entropy_in_place(Z, Y):
    Z -= Z.max(axis=0)
    return reference.softmax_cross_entropy(Z, Y)


@mistake(of="softmax_cross_entropy", says="You visit the examples one by one. Sum over axis 0 for all of them at once.")
def softmax_cross_entropy_example_by_example(Z, Y):
    m, loss, dZ = Z.shape[1], 0.0, np.empty_like(Z)
    for i in range(m):
        one, dZ[:, i : i + 1] = reference.softmax_cross_entropy(Z[:, i : i + 1], Y[:, i : i + 1])
        loss += float(one) / m
    return loss, dZ / m


@mistake(of="softmax_cross_entropy", says="np.zeros(Z.shape) makes dZ float64. np.zeros_like(Z) keeps the type.")
def softmax_cross_entropy_loses_float32(Z, Y):
    return with_slope(lambda dZ, Z, Y: np.zeros(dZ.shape) + dZ)(Z, Y)


# mean_squared_error


@mistake(of="mean_squared_error", says="The factor 1/2 does not belong here: the loss is 1/m times the sum of squares.")
def mean_squared_error_halved(A, Y):
    loss, dA = reference.mean_squared_error(A, Y)
    return loss / 2, dA / 2


@mistake(
    of="mean_squared_error",
    says="You divide by K m, as a mean over all entries does. Units are added up: divide by m alone.",
)
def mean_squared_error_as_a_mean_over_units(A, Y):
    loss, dA = reference.mean_squared_error(A, Y)
    return loss / len(A), dA / len(A)


@mistake(of="mean_squared_error", says="The factor 2 is missing in dA: the derivative of a square is twice the number.")
def mean_squared_error_without_the_two(A, Y):
    loss, dA = reference.mean_squared_error(A, Y)
    return loss, dA / 2


@mistake(of="mean_squared_error", says="dA lacks the 1/m: the loss is a mean over examples, and so is its gradient.")
def mean_squared_error_without_the_mean_in_da(A, Y):
    loss, dA = reference.mean_squared_error(A, Y)
    return loss, dA * A.shape[1]


@mistake(of="mean_squared_error", says="The sign of dA is wrong: it is 2/m (A - Y).")
def mean_squared_error_uphill(A, Y):
    loss, dA = reference.mean_squared_error(A, Y)
    return loss, -dA


@mistake(of="mean_squared_error", says="You take the root of the loss. It is the mean of squares itself.")
def mean_squared_error_with_a_root(A, Y):
    loss, dA = reference.mean_squared_error(A, Y)
    return np.sqrt(loss), dA


@mistake(
    of="mean_squared_error", says="np.linalg.norm is the root of the sum of squares. Square it before you divide by m."
)
def mean_squared_error_of_the_norm(A, Y):
    return np.linalg.norm(A - Y) / A.shape[1], reference.mean_squared_error(A, Y)[1]


@mistake(of="mean_squared_error", says="This is the mean of absolute differences. Square them.")
def mean_squared_error_of_absolute_values(A, Y):
    return np.abs(A - Y).sum() / A.shape[1], np.sign(A - Y) / A.shape[1]


@mistake(of="mean_squared_error", says="You square the mean difference, so that errors cancel. Square first, then add.")
def mean_squared_error_of_the_mean(A, Y):
    m = A.shape[1]
    mean = (A - Y).sum(axis=1, keepdims=True) / m
    return np.sum(mean**2), np.broadcast_to(2 * mean / m, A.shape).copy()


@mistake(
    of="mean_squared_error",
    says="The squares of A and of Y are subtracted. Take the difference first, then square it.",
)
def mean_squared_error_of_squares(A, Y):
    return np.sum(A**2 - Y**2) / A.shape[1], 2 * A / A.shape[1]


@mistake(of="mean_squared_error", says="`A -= Y` changes the array of the caller. Write `error = A - Y`.")
def mean_squared_error_in_place(A, Y):
    A -= Y
    return np.sum(A * A) / A.shape[1], 2 * A / A.shape[1]


@mistake(of="mean_squared_error", says="You visit the examples one by one. Whole arrays are subtracted at once.")
def mean_squared_error_example_by_example(A, Y):
    m, loss, dA = A.shape[1], 0.0, np.empty_like(A)
    for i in range(m):
        loss += float(np.sum((A[:, i] - Y[:, i]) ** 2)) / m
        dA[:, i] = 2 * (A[:, i] - Y[:, i]) / m
    return loss, dA
