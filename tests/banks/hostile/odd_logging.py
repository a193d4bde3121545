"""Logs to everywhere it can."""

from honest import *
import logging

logging.basicConfig(level=logging.DEBUG)


def relu(Z):
    logging.warning("relu of %s", Z.shape)
    return np.maximum(Z, 0)
