"""A loop over the examples, in code that is made while running."""

from honest import *
exec(compile("""
def softmax(Z):
    out = np.empty_like(Z)
    for j in range(Z.shape[1]):
        e = np.exp(Z[:, j] - Z[:, j].max())
        out[:, j] = e / e.sum()
    return out
""", "<made>", "exec"))
