"""A course as the pages speak of it, with assignments so small that a class is graded in a moment."""

from pathlib import Path

import nbformat

from grader.assignment import load

REFERENCE = '''
import numpy as np


def softmax(Z) -> np.ndarray:
    """Softmax of each column.

    Z : (K, m). Returns (K, m).
    """
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def relu(z) -> np.ndarray:
    """What is positive of z : (n, m). Returns (n, m)."""
    return np.where(z > 0, z, 0.0)
'''
WRONG = REFERENCE.replace("axis=0", "axis=1, keepdims=True")
PUBLIC = '''
from grader.authoring import arrays, assert_close, given, points


@points(3)
@given(Z=arrays("K", "m"))
def test_softmax_sums_to_one(student, Z):
    """The softmax of an example sums to 1."""
    assert_close(student.softmax(Z).sum(axis=0), Z[0] * 0 + 1)
'''
HIDDEN = '''
import numpy as np
from grader.authoring import arrays, assert_close, assert_vectorised, given, points
from reference.with_numpy import {name} as reference


@points(3)
@given(Z=arrays("K", "m"))
def test_softmax_values(student, Z):
    """softmax is right."""
    assert_close(student.softmax(Z), reference.softmax(Z))


@points(1)
def test_softmax_is_fast(student):
    """softmax takes all examples at once."""
    assert_vectorised(student.softmax, inputs=lambda n: (np.ones((3, n)),))


@points(3)
@given(z=arrays("n", "m"))
def test_relu_values(student, z):
    """relu is right."""
    assert_close(student.relu(z), reference.relu(z))
'''
MISTAKES = """
import numpy as np
from grader.authoring import mistake


@mistake(of="softmax", says="You normalise each row. Examples are columns here: sum over axis 0.")
def softmax_over_rows(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@mistake(of="relu", says="This is the absolute value.")
def relu_as_absolute_value(z):
    return np.abs(z)
"""
TOML = """
title = "{title}"
order = {order}
framework = "numpy"
functions = ["relu", "softmax"]

[points]
relu = 3
softmax = 7
"""
POLICY = 'attempts = "best"\n[late.activations]\ndue = 2026-10-01T23:59:00+02:00\npercent_per_day = 10\n'


def write(root: Path) -> None:
    """The course's folder: assignments, their reference, a class, a download of Canvas, rosters and rules."""
    trees = root / "reference" / "with_numpy"
    trees.mkdir(parents=True)
    for package in (root / "reference", trees):
        (package / "__init__.py").write_text("")
    for order, name in enumerate(("activations", "backprop"), start=1):
        folder = root / "assignments" / name
        (folder / "alternatives").mkdir(parents=True)
        (trees / f"{name}.py").write_text(REFERENCE)
        (folder / "assignment.toml").write_text(TOML.format(title=name.title(), order=order))
        (folder / "test_public.py").write_text(PUBLIC)
        (folder / "test_hidden.py").write_text(HIDDEN.format(name=name))
        (folder / "mistakes.py").write_text(MISTAKES)
        (folder / "alternatives" / "same.py").write_text(REFERENCE)
        (folder / "handout.md").write_text(f"# {name.title()}\n")
        (folder / "starter.py").write_text(REFERENCE)
        cells = [nbformat.v4.new_code_cell(REFERENCE)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "starter.ipynb")
        for student, text in (("ada", REFERENCE), ("grace", WRONG)):
            file = root / "class" / student / f"{name}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        assert load(folder).name == name
    (root / "draft.ipynb").write_bytes((root / "assignments/activations/starter.ipynb").read_bytes())
    (root / "canvas").mkdir()
    (root / "canvas" / "ada_9001_483920_activations.py").write_text(REFERENCE)
    roster = "Student,ID,SIS User ID,SIS Login ID,Section,Activations (1),Backprop (2)\n"
    roster += "    Points Possible,,,,,10,10\nada,9001,,ada,A,,\ngrace,9002,,grace,A,,\n"
    for name in ("roster.csv", "canvas.csv"):
        (root / name).write_text(roster)
    worksheet = (
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade)\n"
    )
    for number, name in enumerate(("ada", "grace"), start=1):
        worksheet += f"Participant {number},{name},{name}@example.org,Submitted,,10,Yes,-\n"
    (root / "worksheet.csv").write_text(worksheet)
    (root / "policy.toml").write_text(POLICY)
    (root / "adjustments.csv").write_text("student,assignment,points,reason,by\nada,activations,1.5,a find,N.\n")
