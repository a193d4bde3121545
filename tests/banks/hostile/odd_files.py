"""Writes and reads files of its own."""

from honest import *
import tempfile
from pathlib import Path

Path("notes.txt").write_text("training log")
np.save("weights.npy", np.eye(3))
assert np.load("weights.npy").shape == (3, 3)
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "x").write_text("y")
