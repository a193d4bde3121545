# Катерина Шевченко, група КН-31
import numpy as np


def sigmoid(z):
    """Сигмоїда"""
    return 1 / (1 + np.exp(-z))
