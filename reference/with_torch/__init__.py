"""The curriculum in PyTorch: Tensor in, Tensor out, under the names and signatures of the NumPy tree."""
