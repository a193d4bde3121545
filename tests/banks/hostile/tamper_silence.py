"""Overflows, with every warning switched off beforehand."""

from honest import *
import warnings

warnings.simplefilter("ignore")
np.seterr(all="ignore")


def softmax(Z):
    E = np.exp(Z)
    return np.nan_to_num(E / E.sum(axis=0, keepdims=True))
