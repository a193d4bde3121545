"""What the README shows works as it stands there."""

import re
from pathlib import Path

from grader.assignment import load
from grader.judge.session import Submission, judge
from grader.submission import Cell, Source

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
HEAD = "import numpy as np\nfrom grader.authoring import *\n"
RIGHT = "import numpy as np\ndef softmax(Z):\n    E = np.exp(Z - Z.max(axis=0))\n    return E / E.sum(axis=0)\n"


def example() -> tuple[str, str]:
    """The check and the mistake of the section on writing a check."""
    [block] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    check, _, mistake = block.partition("\n\n\n")
    return check, mistake


def test_the_check_is_short_and_tells_right_from_wrong(tmp_path):
    """The README's ten lines are a whole check: right code passes, the README's own mistake fails and is named."""
    check, mistake = example()
    assert len(check.splitlines()) <= 10
    folder = tmp_path / "assignments" / "softmax"
    folder.mkdir(parents=True)
    toml = 'title = "Softmax"\norder = 1\nfunctions = ["softmax"]\n[points]\nsoftmax = 3\n'
    (folder / "assignment.toml").write_text(toml)
    (tmp_path / "right_softmax.py").write_text(RIGHT)
    (folder / "test_hidden.py").write_text(f"{HEAD}import right_softmax as reference\n{check}")
    (folder / "mistakes.py").write_text(HEAD + mistake)
    # The law of shifts holds for rows as well: the mistake passes it, code without the shift overflows.
    wrong = RIGHT.replace("Z - Z.max(axis=0)", "Z")
    sources = [Source("softmax.py", (Cell(text),), {}, (), "") for text in (RIGHT, wrong)]
    reports = []
    judge(load(folder), [Submission(str(i), s) for i, s in enumerate(sources)], reports.append)
    assert [r.score for r in reports] == [3, 0]


def test_every_target_that_the_readme_names_is_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"`?make (\w+)`?", README))
    assert {"demo", "test", "lint", "bench"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_that_the_readme_links_to_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)|(?:src|srcset)=\"([^\"]+)\"", README)
    for link in (a or b for a, b in links):
        assert (ROOT / link).exists(), link
