"""DeepGrader: a grader for deep learning written from scratch."""

__version__ = "0.1.0"
