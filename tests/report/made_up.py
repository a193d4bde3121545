"""Made-up reports: a typical one, the plain cases, a hostile one, and a class."""

import random

import msgspec

from grader.report.model import (
    Adjustment,
    Check,
    Curve,
    Evidence,
    Frame,
    HeatMap,
    Report,
    Verdict,
    status_of,
    total,
    why_of,
)

HOSTILE = (
    "</script></style></title></textarea><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"
    '" onmouseover="alert(4)" \' {{ 7*7 }} {% raw %} '
    "\x00\x07\x1b[2J\x1b]0;owned\x07\x9b31m \u202egnp.exe\u202c \u200b\ufeff"
    "\n::error file=a,line=1::forged\n  ::add-mask::x ##[error]old style\r::warning::cr\n"
    "\ud800 \udfff \ufffe ]]> --> <!-- &lt; &#60; ``` ~~~ `x` [a](javascript:alert(5)) ![i](http://evil.example/x.png) "
    "@octocat #1 GH-1 www.evil.example https://evil.example/ <https://evil.example> a@evil.example $x^2$ | pipe \\ "
    + "long"
    * 2500
)


def report(checks: list[Check], **changes: object) -> Report:
    """A report of these checks, consistent in itself."""
    score, max_score = total(checks)
    status = status_of(checks)
    made = Report(
        assignment="activations",
        title="Activations and their gradients",
        student="Ada Lovelace",
        submission="activations.py",
        score=score,
        max_score=max_score,
        status=status,
        why=why_of(checks),
        isolation="Landlock, seccomp, resource limits, own user",
        seed=20260901,
        checks=checks,
        digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        assignment_version="4be1c0a2d9f7",
        grader_version="0.1.0",
        started="2026-09-14T10:12:03Z",
        seconds=0.412,
    )
    return msgspec.structs.replace(made, **changes)


def passing(function: str, number: int, points: float, title: str) -> Check:
    return Check(f"test_{function}_{number}", function, title, points, points, "pass", seconds=0.004)


def typical() -> Report:
    """Most is right; softmax has a known mistake, a slow backward, an exception."""
    checks = [
        passing("sigmoid", 1, 2, "sigmoid of 0 is one half, and sigmoid(-z) = 1 - sigmoid(z)."),
        passing("sigmoid", 2, 1, "sigmoid is stable at |z| = 1e4 without a warning."),
        passing("tanh", 1, 1, "tanh agrees with the reference everywhere."),
        passing("relu", 1, 1, "relu is zero below zero and the identity above."),
        passing("relu", 2, 1, "relu leaves its argument alone."),
        passing("softmax", 1, 1, "Adding the same constant to every score of an example leaves softmax unchanged."),
        Check(
            "test_softmax_columns",
            "softmax",
            "The probabilities of each example sum to one.",
            0,
            3,
            "fail",
            message="softmax(Z) has the right shape, but 12 of 12 values differ from what is expected.",
            diagnosis="You normalise each row. Examples are columns here: sum over axis 0.",
            hint="keepdims=True keeps the shape that broadcasting needs",
            evidence=Evidence(
                call="softmax(Z)",
                arguments={
                    "Z": "array of shape (3, 4), float64\n[[ 0.5 -1.2  0.3  2.0]\n"
                    " [ 1.1  0.4 -0.7  0.0]\n [-0.2  0.9  1.5 -1.0]]"
                },
                yours="[[0.146 0.027 0.119 0.654]\n [0.489 0.243 0.081 0.163]\n [0.099 0.296 0.540 0.044]]",
                expected="[[0.301 0.071 0.211 0.843]\n [0.549 0.352 0.078 0.114]\n [0.150 0.577 0.711 0.042]]",
                where="at [0, 0]: yours 0.146, expected 0.301",
                snippet="import numpy as np\nfrom activations import softmax\n\n"
                "Z = np.array([[0.5, -1.2, 0.3, 2.0], [1.1, 0.4, -0.7, 0.0], [-0.2, 0.9, 1.5, -1.0]])\n"
                "print(softmax(Z).sum(axis=0))  # each should be 1",
            ),
            seconds=0.021,
        ),
        Check(
            "test_softmax_stable",
            "softmax",
            "softmax is finite for scores of 1e4.",
            0,
            1,
            "error",
            message="softmax raised FloatingPointError: overflow encountered in exp.",
            hidden=True,
            output="shape (3, 4)\nmax 10000.0",
            evidence=Evidence(
                call="softmax(Z)",
                frames=[
                    Frame(31, "return normalise(np.exp(z))", "softmax", "activations.py"),
                    Frame(12, "E = np.exp(z)", "normalise", cell=3),
                ],
            ),
        ),
        Check(
            "test_softmax_backward_gradient",
            "softmax_backward",
            "softmax_backward is the derivative of sum(dA * softmax(Z)).",
            0,
            3,
            "fail",
            message="The gradient is wrong in 2 of 12 entries; the others are right.",
            evidence=Evidence(
                call="softmax_backward(dA, Z)",
                arguments={"dA": "array of shape (3, 4), float64", "Z": "array of shape (3, 4), float64"},
                where="at [1, 2]: yours 0.31, expected 0.62",
                heat_map=HeatMap("dZ", [[0.0, 2e-11, 1e-9, None], [3e-8, 0.5, 0.02, 4e-5], [0.0, 1.0, 0.7, 0.0]]),
            ),
        ),
        Check(
            "test_softmax_backward_speed",
            "softmax_backward",
            "softmax_backward has no loop over the examples.",
            1,
            2,
            "pass",
            message="It is right, and 9 times slower than the vectorised baseline.",
            evidence=Evidence(
                call="softmax_backward(dA, Z)",
                curve=Curve(
                    "softmax_backward", [16, 64, 256, 1024], [4e-4, 1.7e-3, 6.6e-3, 2.7e-2], [2e-4, 3e-4, 8e-4, 2.9e-3]
                ),
            ),
        ),
        passing("softmax_backward", 1, 1, "softmax_backward keeps the shape of Z."),
        Check(
            "test_dead_units",
            "dead_units",
            "A unit is dead when it is zero for every example.",
            0,
            2,
            "timeout",
            message="dead_units did not answer within 5 seconds.",
            evidence=Evidence(call="dead_units(A)"),
        ),
    ]
    return report(
        checks,
        notes=["Cell 2: the line `%matplotlib inline` was left out."],
        hides="3 hidden checks are shown without their cases; your instructor chose this.",
    )


def perfect() -> Report:
    return report(
        [passing("sigmoid", i, 1, f"Property {i} of sigmoid holds.") for i in range(4)], student="Grace Hopper"
    )


def missing() -> Report:
    return report(
        [],
        status="missing",
        max_score=20.0,
        submission="",
        student="Alan Turing",
        why="activations.py was not handed in.",
    )


def unreadable() -> Report:
    return report(
        [],
        status="unreadable",
        max_score=20.0,
        student="Edsger Dijkstra",
        why="activations.py has a syntax error in line 4: '(' was never closed.",
    )


def every_verdict() -> Report:
    """One check of each verdict; could-not-grade is left out of the total."""
    verdicts: list[Verdict] = ["pass", "fail", "error", "crash", "timeout", "limit", "violation", "could-not-grade"]
    checks = [
        Check(
            f"test_{i}",
            "sigmoid" if i < 5 else "relu",
            f"Check with the verdict {v}.",
            1.25 if v == "pass" else 0.0,
            1.25,
            v,
            "" if v == "pass" else f"This was a {v}.",
        )
        for i, v in enumerate(verdicts)
    ]
    return report(checks, student="Katherine Johnson")


def hostile(text: str = HOSTILE) -> Report:
    """The text in every field that a student or a file name may reach."""
    frames = [Frame(1, text, text, text, 3)]
    evidence = Evidence(
        text,
        {text: text},
        text,
        text,
        text,
        text,
        frames,
        Curve(text, [1, 2], [0.1, 0.2], [0.1, 0.1]),
        HeatMap(text, [[0.5]]),
    )
    checks = [
        Check(text, text, text, 0, 3, "violation", text, text, text, True, 0.1, text, evidence, text),
        passing(text, 1, 2, text),
    ]
    fields = (
        "assignment",
        "title",
        "student",
        "submission",
        "why",
        "isolation",
        "digest",
        "assignment_version",
        "grader_version",
        "started",
        "hides",
        "framework",
    )
    return report(checks, notes=[text, text], adjustments=[Adjustment(-1.0, text, text)], **dict.fromkeys(fields, text))


def classroom(size: int, assignments: tuple[str, ...] = ("activations",), seed: int = 1) -> list[Report]:
    """A class in which some make known mistakes, some are whole, and a few are odd cases."""
    draw, size_of = random.Random(seed), random.Random(seed)
    first = [
        "Ada",
        "Amara",
        "Björn",
        "Chidi",
        "Dalia",
        "Emre",
        "Fatima",
        "Goran",
        "Hana",
        "Ines",
        "Jun",
        "Kofi",
        "Lena",
        "Mei",
        "Noor",
        "Olu",
    ]
    last = [
        "Abara",
        "Berg",
        "Costa",
        "Diallo",
        "Eriksen",
        "Fujii",
        "Gupta",
        "Haddad",
        "Ivanov",
        "Jensen",
        "Kaya",
        "Lopez",
        "Mbeki",
        "Nguyen",
        "Okafor",
    ]
    reports = []
    for i in range(size):
        student = f"{draw.choice(first)} {draw.choice(last)} {i:02d}"
        for name in assignments:
            base = typical().checks
            skill = draw.random() ** 0.35
            checks = [
                c if draw.random() > skill else Check(c.id, c.function, c.title, c.max_points, c.max_points, "pass")
                for c in base
            ]
            made = report(checks, student=student, assignment=name, title=name.capitalize())
            if i % 19 == 7:
                made = report(
                    [],
                    student=student,
                    assignment=name,
                    title=name.capitalize(),
                    status="missing",
                    max_score=18.0,
                    submission="",
                    why="Nothing was handed in.",
                )
            if i % 23 == 5:
                checks = [
                    msgspec.structs.replace(
                        checks[0], verdict="violation", points=0.0, message="The submission tried to open a socket."
                    ),
                    *checks[1:],
                ]
                made = report(checks, student=student, assignment=name, title=name.capitalize())
            if made.status != "missing":
                lines = int(size_of.lognormvariate(4.8, 0.35))
                checks = [
                    msgspec.structs.replace(c, seconds=lines * size_of.lognormvariate(-9.5, 0.8)) for c in made.checks
                ]
                made = msgspec.structs.replace(made, lines=lines, checks=checks)
            reports.append(made)
    return reports
