"""Turns warnings into errors and floating-point errors into exceptions."""

from honest import *
import warnings

warnings.simplefilter("error")
np.seterr(all="raise")
