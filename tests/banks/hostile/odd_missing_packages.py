"""Imports packages that are not installed and does not use them."""

from honest import *
import numba_of_course_not
from tqdm_of_course_not import tqdm
import seaborn_of_course_not.style as sns
