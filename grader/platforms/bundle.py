"""What a platform runs: this grader, one assignment with all that decides its grade, and the platform's own scripts."""

import io
import re
import sys
import tarfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import grader
from grader.assignment import FILE, Assignment
from grader.classroom.policy import read_policy
from grader.course.rendering import rendered

Files = dict[str, bytes]
"""A file's path in the upload -> what is in it."""


class CannotBundle(Exception):
    """An upload that cannot be made: one sentence."""


DECIDES = (FILE, "test_*.py", "mistakes*.py", "probes.py")
"""What decides a grade, in the folder of an assignment."""
RUNS = (".sh", "run_autograder")
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold: the same files make the same upload."""


def gradescope(assignment: Assignment, *, torch: bool = False, weak: bool = False, policy: Path | None = None) -> bytes:
    """autograder.zip. Raises CannotBundle and PolicyError."""
    own = {"starter.py": _starter(assignment)}
    if policy:
        read_policy(policy)
        own["policy.toml"] = policy.read_bytes()
    return _zip({**runs(assignment, torch), **scripts("gradescope", assignment, weak, policy=bool(policy)), **own})


def prairielearn(assignment: Assignment, image: str, *, torch: bool = False, weak: bool = False) -> Files:
    """The folder of a question. Raises CannotBundle."""
    inside = {f"tests/{name}": data for name, data in runs(assignment, torch).items()}
    inside["Dockerfile"] = _dockerfile(assignment, torch)
    inside[f"{assignment.name}.py"] = _starter(assignment)
    handout = assignment.folder / "handout.md"
    inside["clientFilesQuestion/handout.md"] = handout.read_bytes() if handout.is_file() else b""
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"deepgrader/{assignment.name}")
    return inside | scripts("prairielearn", assignment, weak, image=image, uuid=identity)


def autolab(assignment: Assignment, *, torch: bool = False, weak: bool = False) -> Files:
    """The two files of an autograded lab, and one to build its image from. Raises CannotBundle."""
    tar = _tar(runs(assignment, torch))
    return {
        **scripts("autolab", assignment, weak), "autograde.tar": tar, "Dockerfile": _dockerfile(assignment, torch)
    }  # fmt: skip


def runs(assignment: Assignment, torch: bool) -> Files:
    """A small checkout that grades the assignment: the grader, the reference, the checks, and what pip installs."""
    files = {f"grader/{name}": data for name, data in _tree(Path(grader.__file__).parent, "*")}
    files |= {f"reference/{name}": data for name, data in _tree(assignment.folder.parents[1] / "reference", "*.py")}
    for pattern in DECIDES:
        for file in sorted(assignment.folder.glob(pattern)):
            files[f"assignments/{assignment.name}/{file.name}"] = file.read_bytes()
    files["requirements.txt"] = "".join(f"{line}\n" for line in requirements(assignment, torch)).encode()
    return files


def requirements(assignment: Assignment, torch: bool) -> list[str]:
    """What the grader imports, in the versions that are installed here, so that it decides there as it does here."""
    try:
        listed = [line for line in requires("deepgrader") or () if "extra ==" not in line]
        names = [re.split(r"[^\w.-]", line)[0] for line in listed]
        names += ["torch"] if torch or assignment.framework == "torch" else []
        return [f"{name}=={version(name).partition('+')[0]}" for name in names]
    except PackageNotFoundError as missing:
        raise CannotBundle(
            f"{missing.name} is not installed here, and what runs there has the versions from here."
        ) from None


def scripts(platform: str, assignment: Assignment, weak: bool, **more: object) -> Files:
    """The platform's own scripts."""
    texts = rendered(
        platform, assignment=assignment, python=_python(), weak=" --allow-weak-isolation" if weak else "", **more
    )
    return {name: text.encode() for name, text in texts.items()}


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files into a folder. Raises OSError."""
    for name, data in files.items():
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        file.chmod(_mode(name))


def _starter(assignment: Assignment) -> bytes:
    files = [assignment.folder / name for name in ("starter.py", "starter_torch.py")]
    return next((file.read_bytes() for file in files if file.is_file()), b"")


def _dockerfile(assignment: Assignment, torch: bool) -> bytes:
    packages = " ".join(requirements(assignment, torch))
    return f"FROM python:{_python()}-slim\nRUN pip install --no-cache-dir {packages}\n".encode()


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _tree(folder: Path, pattern: str) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob(pattern)):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(folder).as_posix(), file.read_bytes()


def _mode(name: str) -> int:
    return 0o755 if name.endswith(RUNS) else 0o644


def _zip(files: Files) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, BEGINNING)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, _mode(name) << 16
            archive.writestr(entry, data)
    return file.getvalue()


def _tar(files: Files) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), _mode(name)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()
