"""Single files: what is read, and the sentence for each that is not."""

import hashlib
import os
import socket
from pathlib import Path

import pytest

from grader.submission import Unreadable, read


def handed_in(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        read(path, "activations")
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    assert str(path.parent) not in sentence, "a report shows no path of the grader's machine"
    return sentence


def test_a_python_file_is_one_cell(tmp_path: Path) -> None:
    data = b"import numpy as np\n\ndef relu(z):\n    return np.maximum(z, 0)\n"
    source = read(handed_in(tmp_path, "activations.py", data), "activations")
    assert [(c.text, c.number) for c in source.cells] == [(data.decode(), None)]
    assert (source.name, source.modules, source.notes) == ("activations.py", {}, ())
    assert source.digest == hashlib.sha256(data).hexdigest()
    assert source.lines == 3


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a = 1\r\nb = 2\r\n", "a = 1\nb = 2\n"),
        (b"a = 1\rb = 2\r", "a = 1\nb = 2\n"),
        (b"\xef\xbb\xbfa = 1\n", "a = 1\n"),
        ("# Größe\n".encode(), "# Größe\n"),
        ("# -*- coding: latin-1 -*-\n# Größe\n".encode("latin-1"), "# -*- coding: latin-1 -*-\n# Größe\n"),
        ("#!/usr/bin/env python\n# coding=cp1252\nx = '€'\n".encode("cp1252"), None),
        ("# vim: set fileencoding=gbk :\nx = '学'\n".encode("gbk"), None),
        ("x = 1\n# coding: latin-1\ny = 'é'\n".encode(), "x = 1\n# coding: latin-1\ny = 'é'\n"),
    ],
)
def test_newlines_and_encodings(tmp_path: Path, data: bytes, text: str | None) -> None:
    source = read(handed_in(tmp_path, "activations.py", data), "activations")
    if text is None:
        assert source.cells[0].text.endswith(("x = '€'\n", "x = '学'\n"))
    else:
        assert source.cells[0].text == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"a = 1\nb = '\xe9'\n", "byte 0xe9 at offset 11 (line 2)"),
        ("x = 1\n".encode("utf-16"), "saved as UTF-16"),
        (b"a = 1\nb\0 = 2\n", "NUL byte in line 2"),
        (b"# coding: rot13\nk = 1\n", "declares the encoding rot13"),
        (b"# coding: no-such-thing\nk = 1\n", "declares the encoding no-such-thing"),
        (b"# coding: unicode_escape\nk = 1\n", "declares the encoding unicode_escape"),
        (b"# coding: ascii\nk = '\xc3\xa9'\n", "is not ASCII"),
        (b"#" * 5_000_001, "more than the 5 MB"),
    ],
)
def test_a_bad_python_file_gets_one_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refusal(handed_in(tmp_path, "activations.py", data))


def test_a_file_of_just_the_limit_is_read(tmp_path: Path) -> None:
    assert read(handed_in(tmp_path, "activations.py", b"#" * 5_000_000), "activations").cells


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "activations.py"
    with path.open("wb") as file:
        file.truncate(50 * 10**9)
    assert "has 50000 MB" in refusal(path)


def test_what_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "activations.py") == "There is no file activations.py."


def test_another_kind_of_file(tmp_path: Path) -> None:
    assert "neither a .py file" in refusal(handed_in(tmp_path, "activations.docx", b"PK"))


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "activations.py").symlink_to(handed_in(tmp_path, "secret.py", "answer = 42\n"))
    assert "symbolic link" in refusal(tmp_path / "activations.py")


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    handed_in(tmp_path / "real", "activations.py", "x = 1\n")
    (tmp_path / "ada").symlink_to(tmp_path / "real")
    assert "symbolic link" in refusal(tmp_path / "ada")


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "activations.py")
    assert "pipe" in refusal(tmp_path / "activations.py")


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("activations.py")
        assert "socket" in refusal(tmp_path / "activations.py")


def test_a_device() -> None:
    with pytest.raises(Unreadable, match=r"^null is a pipe, a device"):
        read(Path("/dev/null"), "activations")


@pytest.mark.parametrize("name", ["a\x1b[31m.py", "a\u202eyp.py", "a\nb.py", "a" * 200 + ".py"])
def test_names_are_safe_to_show(tmp_path: Path, name: str) -> None:
    source = read(handed_in(tmp_path, name, "x = 1\n"), "activations")
    assert source.name.isprintable()
    assert len(source.name) <= 100
    assert source.name.endswith(".py")


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.py"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"x = 1\n")
    assert read(Path(os.fsdecode(path)), "activations").name == "caf\\udce9.py"


def test_unicode_names_stay(tmp_path: Path) -> None:
    assert read(handed_in(tmp_path, "активации 数学.py", "x = 1\n"), "activations").name == "активации 数学.py"
