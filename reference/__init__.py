"""What is right: every algorithm of the curriculum, in NumPy and in PyTorch, under one name."""
