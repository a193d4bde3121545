"""An assignment: a folder with an assignment.toml, found by its name."""

import difflib
import hashlib
import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

Positive = Annotated[float, msgspec.Meta(gt=0)]

FILE = "assignment.toml"
PROBES = "probes.py"
MISTAKES, MISTAKES_TORCH = "mistakes.py", "mistakes_torch.py"
"""Known mistakes: of all functions, and of those in `torch_only`, whose file may import PyTorch."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What assignment.toml says, and where it lies."""

    name: str
    """The folder's name."""
    title: str
    order: int
    """Its place in the course."""
    functions: Annotated[list[str], msgspec.Meta(min_length=1)]
    framework: Literal["numpy", "torch", "either"] = "either"
    torch_only: list[str] = []
    """Functions that only a PyTorch submission is asked for, where either framework is allowed."""
    points: dict[str, Positive]
    """Points by function."""
    seconds: Positive = 5.0
    """Deadline of one call."""
    load_seconds: Positive = 10.0
    """Deadline for importing the submission."""
    memory_mb: Annotated[int, msgspec.Meta(gt=0)] = 2048
    show_expected: bool = True
    """Whether hidden checks may show expected values."""
    seed: int = 20260901
    folder: Path
    version: str
    """The first 12 hex digits of a SHA-256 over the files that decide grades."""
    foundation: str = ""
    """A digest of what all its checks share: assignment.toml, the known mistakes, the probes, the reference."""


def find(name: str) -> Assignment:
    """The assignment of that name. Raises ValueError with one sentence when there is none or its file is wrong."""
    folders = _folders()
    if name in folders:
        return load(folders[name])
    if not folders:
        places = ", ".join(str(p) for p in _places())
        raise ValueError(f"No assignments were found in {places}; set GRADER_ASSIGNMENTS to the folder with them.")
    near = difflib.get_close_matches(name, folders, n=1)
    guess = f"; did you mean {near[0]!r}?" if near else "."
    raise ValueError(f"There is no assignment {name!r}{guess} There are: {', '.join(sorted(folders))}.")


def available() -> list[Assignment]:
    """Every assignment that can be found, in the order of the course."""
    return sorted((load(folder) for folder in _folders().values()), key=lambda a: (a.order, a.name))


def load(folder: Path) -> Assignment:
    """Read the assignment in a folder. Raises ValueError with one sentence that names the file and the key."""
    file = folder / FILE
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{file}: {error}") from None
    foundation = _digest(file, *(folder / name for name in (MISTAKES, MISTAKES_TORCH, PROBES)), *_reference(folder))
    version = _digest(*sorted(folder.glob("test_*.py")), begin=foundation)
    own = {"name": folder.name, "folder": folder, "version": version, "foundation": foundation}
    if taken := own.keys() & values.keys():
        raise ValueError(f"{file}: {min(taken)}: this follows from the folder and cannot be set.")
    try:
        assignment = msgspec.convert(values | own, Assignment)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        key = place.strip("`").removeprefix("$.").removesuffix("[...]")
        raise ValueError(f"{file}: {key + ': ' if key else ''}{message}.") from None
    for function in assignment.functions:
        if not function.isidentifier():
            raise ValueError(f"{file}: functions: {function!r} is not a name in Python.")
        if function not in assignment.points:
            raise ValueError(f"{file}: points: {function} has none.")
    if unknown := [f for f in assignment.torch_only if f not in assignment.functions]:
        raise ValueError(f"{file}: torch_only: {unknown[0]} is not among the functions.")
    if strangers := assignment.points.keys() - set(assignment.functions):
        raise ValueError(f"{file}: points: {min(strangers)} is not among the functions.")
    return assignment


def _places() -> list[Path]:
    """The folders in which assignments are looked for, the nearest first."""
    named = [Path(p) for p in os.environ.get("GRADER_ASSIGNMENTS", "").split(os.pathsep) if p]
    here = Path.cwd()
    around = [folder / "assignments" for folder in (here, *here.parents)]
    return [*named, *around, Path(__file__).parents[1] / "assignments"]


def _folders() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for place in _places():
        if place.is_dir():
            for file in sorted(place.glob(f"*/{FILE}")):
                found.setdefault(file.parent.name, file.parent.resolve())
    return found


def _reference(folder: Path) -> list[Path]:
    """The files of the reference beside the folder of assignments: any of them may use any other."""
    return sorted((folder.parents[1] / "reference").rglob("*.py"))


def _digest(*files: Path, begin: str = "") -> str:
    digest = hashlib.sha256(begin.encode())
    for file in files:
        if file.is_file():
            data = file.read_bytes()
            digest.update(f"{file.name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:12]
