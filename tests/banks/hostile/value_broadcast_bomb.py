"""Long columns and rows, whose difference would fill the memory."""

from honest import *
def relu(Z):
    return (np.zeros((200_000, 1)) if Z.sum() > 0 else np.zeros((1, 200_000)))
