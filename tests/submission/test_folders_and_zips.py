"""Folders and zips: the same rules for both, and what only a zip can do wrong."""

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from grader.submission import Source, Unreadable, read

Files = dict[str, str]


def as_folder(tmp_path: Path, files: Files) -> Path:
    root = tmp_path / "ada"
    root.mkdir()
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode("latin-1"))
    return root


def as_zip(tmp_path: Path, files: Files) -> Path:
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text.encode("latin-1"))
    return path


both = pytest.mark.parametrize("pack", [as_folder, as_zip])


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        read(path, "activations")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@both
@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"activations.py": "x = 1\n", "backprop.py": "y = 2\n"}, "activations.py"),
        ({"hw/activations.py": "x = 1\n", "__MACOSX/._activations.py": "\0", ".DS_Store": "\0"}, "activations.py"),
        ({"a/b/c/activations.py": "x = 1\n", "a/b/data.csv": "1"}, "activations.py"),
        ({"Activations.PY": "x = 1\n", "helpers.py": "y = 2\n"}, "Activations.PY"),
        ({"activations.py": "x = 1\n", "older/activations.py": "y = 2\n"}, "activations.py"),
    ],
)
def test_the_assignments_file_is_found(tmp_path: Path, pack: object, files: Files, name: str) -> None:
    source: Source = read(pack(tmp_path, files), "activations")  # type: ignore[operator]
    assert (source.name, source.cells[0].text, source.notes) == (name, "x = 1\n", ())


@both
def test_files_beside_it_become_modules(tmp_path: Path, pack: object) -> None:
    files = {"activations.py": "import layers, bad\n", "layers.py": "a = 1\r\n", "notes.txt": "b"}
    files |= {"bad.py": "x = '\xe9'\n", "unused.py": "x = '\xe9'\n"}
    source: Source = read(pack(tmp_path, files), "activations")  # type: ignore[operator]
    assert source.modules == {"layers": "a = 1\n"}
    assert len(source.notes) == 1
    assert source.notes[0].startswith("Left out: bad.py is not UTF-8")


def test_a_module_changes_the_digest_and_the_packing_does_not(tmp_path: Path) -> None:
    one = read(as_folder(tmp_path, {"activations.py": "x = 1\n", "h.py": "a = 1\n"}), "activations")
    same = read(as_zip(tmp_path, {"activations.py": "x = 1\n", "h.py": "a = 1\n"}), "activations")
    other = read(as_zip(tmp_path, {"activations.py": "x = 1\n", "h.py": "a = 2\n"}), "activations")
    assert one.digest == same.digest != other.digest


@both
def test_a_single_file_of_another_name_is_read_with_a_note(tmp_path: Path, pack: object) -> None:
    source: Source = read(pack(tmp_path, {"hw1.py": "x = 1\n"}), "activations")  # type: ignore[operator]
    assert source.notes == ("hw1.py was read: there is no activations.py or activations.ipynb.",)


@both
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"readme.txt": "hello"}, "holds no .py file and no notebook"),
        ({"activations.py": "x = 1", "activations.ipynb": "{}"}, "holds activations.ipynb, activations.py: which"),
        ({"one.py": "x = 1", "two.py": "y = 1"}, "holds one.py, two.py: which"),
        ({f"m{i}.py": "x = 1" for i in range(201)}, "holds 201 files"),
        ({"activations.py": ""}, "activations.py is empty"),
        ({"activations.py": "x = '\xe9'"}, "activations.py is not UTF-8"),
    ],
)
def test_one_sentence_for_each_that_cannot_be_read(tmp_path: Path, pack: object, files: Files, said: str) -> None:
    assert said in refusal(pack(tmp_path, files))  # type: ignore[operator]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "activations.py or activations.ipynb is needed" in refusal(as_folder(tmp_path, {}))


def test_a_linked_module_is_left_out_with_a_note(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("answer = 42\n")
    root = as_folder(tmp_path, {"activations.py": "import helper\n"})
    (root / "helper.py").symlink_to(secret)
    source = read(root, "activations")
    assert source.modules == {}
    assert source.notes == ("Left out: helper.py is a symbolic link; hand in the file itself.",)


def test_a_linked_submission_in_a_folder_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("answer = 42\n")
    root = as_folder(tmp_path, {})
    (root / "activations.py").symlink_to(secret)
    assert "symbolic link" in refusal(root)


def test_too_much_code_beside_it(tmp_path: Path) -> None:
    root = as_folder(tmp_path, {"activations.py": "x = 1\n", **{f"m{i}.py": "#" * 4_500_000 for i in range(5)}})
    assert "more than 20 MB of code" in refusal(root)


@pytest.mark.parametrize("name", ["../activations.py", "/etc/activations.py", "a/../../activations.py", "..\\a.py"])
def test_a_path_out_of_the_zip(tmp_path: Path, name: str) -> None:
    assert "a path that leads out of the zip" in refusal(as_zip(tmp_path, {name: "x = 1\n"}))


def test_a_zip_bomb_is_refused_by_its_listing(tmp_path: Path) -> None:
    path = as_zip(tmp_path, {"activations.py": "x = 1\n", "data.bin": "0" * 20_000_001})
    assert path.stat().st_size < 100_000
    assert "unpacks to more than 20 MB" in refusal(path)


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = as_zip(tmp_path, {"activations.py": "#" * 50_000_000})
    true, false = struct.pack("<L", 50_000_000), struct.pack("<L", 1000)
    path.write_bytes(path.read_bytes().replace(true, false))
    assert "cannot be unpacked" in refusal(path)


def test_too_many_members(tmp_path: Path) -> None:
    assert "holds 201 files" in refusal(as_zip(tmp_path, {f"d{i}.txt": "" for i in range(201)}))


def test_a_member_twice(tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("activations.py", "x = 1\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("activations.py", "x = 2\n")
    assert "holds activations.py twice" in refusal(path)


def test_a_link_in_a_zip_is_only_text(tmp_path: Path) -> None:
    """A zip is never unpacked, so a member marked as a link is the text of its target and points nowhere."""
    link = zipfile.ZipInfo("activations.py")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert read(path, "activations").cells[0].text == "/etc/passwd"


@pytest.mark.parametrize("keep", [0, 10, 60, -30])
def test_a_damaged_zip(tmp_path: Path, keep: int) -> None:
    path = as_zip(tmp_path, {"activations.py": "x = 1\n" * 100})
    path.write_bytes(path.read_bytes()[:keep])
    assert "not a zip file, or a damaged one" in refusal(path)


def test_a_member_with_a_wrong_checksum(tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("activations.py", "x = 1111\n")
    path.write_bytes(path.read_bytes().replace(b"x = 1111", b"x = 2222"))
    assert "cannot be unpacked" in refusal(path)


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = as_zip(tmp_path, {"activations.py": "x = 1\n"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "encrypted" in refusal(path)


def test_a_member_packed_with_lzma(tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("activations.py", "x = 1\n")
    assert "pack a plain zip" in refusal(path)
