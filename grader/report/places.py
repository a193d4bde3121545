"""The folders of the machine that grades: what an exception or a value says of them stays out of a report."""

import re
import sys
from functools import lru_cache
from pathlib import Path

from grader.report.model import Report, reworded


def without_places(report: Report) -> Report:
    """The report in which paths of this machine begin at its Python's libraries or at the grader: numpy/linalg.py."""
    folders = _known(tuple(sys.path), Path.cwd())
    return reworded(report, lambda text: folders.sub(lambda found: "" if found[1] else ".", text))


@lru_cache(maxsize=1)
def _known(importable: tuple[str, ...], here: Path) -> re.Pattern[str]:
    """One pattern for all the folders: the deepest first, with either separator, however often it is escaped."""
    named = {*importable, sys.prefix, sys.base_prefix, str(here), str(Path.home())}
    absolute = {place for name in named if (place := Path(name)).is_absolute()}
    folders = {place for path in absolute for place in (path, path.resolve()) if place != Path(place.anchor)}
    parts = [re.split(r"[\\/]+", str(folder)) for folder in sorted(folders, key=lambda f: -len(f.parts))]
    either = "|".join(r"[\\/]+".join(map(re.escape, names)) for names in parts)
    return re.compile(rf"(?<![\w.~-])(?:{either})(?:([\\/]+)|(?![\w.-]))")
