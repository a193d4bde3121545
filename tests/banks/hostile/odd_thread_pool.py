"""Does the work in a pool of threads."""

from honest import *
from concurrent.futures import ThreadPoolExecutor


def relu(Z):
    with ThreadPoolExecutor(4) as pool:
        return np.array(list(pool.map(lambda row: np.maximum(row, 0), Z))).reshape(Z.shape)
