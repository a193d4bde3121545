"""DeepGrader: a grader for deep learning written from scratch."""

from typing import Any

__version__ = "0.1.0"


def check(name: str, assignment: str | None = None) -> Any:
    """In a notebook: check a function, or all of an assignment, as the cells that were run define it."""
    from grader import notebook

    return notebook.check(name, assignment)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext grader`."""
    from grader import notebook

    notebook.load(shell)
