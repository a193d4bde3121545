"""The curriculum in NumPy: ndarray in, ndarray out. Nothing here imports PyTorch."""
