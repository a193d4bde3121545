"""Text from strangers, made safe to show: what cannot be seen is spelled out."""

import re
import unicodedata

_COMMAND = re.compile(r"^((?:\x1b\[[0-9;]*m|\s)*)::", re.MULTILINE)


def visible(text: str) -> str:
    """The text with every character that is invisible or steers a display spelled out: ␛, ␀, \\u202e, \\ud800.

    Newlines and tabs stay. The result can be encoded in UTF-8 and is legal in XML.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else _spelled(c) for c in text.replace("\r\n", "\n"))


def one_line(text: str, limit: int = 300) -> str:
    """The visible text on one line, cut to limit characters."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def clip(text: str, characters: int = 2000, lines: int = 40) -> str:
    """The visible text, cut to so many characters and lines; what was cut is counted."""
    text = visible(text)
    kept = "\n".join(text.split("\n", lines)[:lines])[:characters]
    if len(kept) == len(text):
        return text
    return f"{kept}\n… {len(text) - len(kept):,} characters more"


def without_commands(text: str) -> str:
    """The text without GitHub workflow commands: `::` begins no line and `##[` stands nowhere."""
    # The runner trims whitespace before it looks for `::`, and finds `##[` anywhere in a line.
    return _COMMAND.sub(r"\1: :", text).replace("##[", "## [")


def _spelled(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if unicodedata.category(character) == "Zs":
        return " "
    return character.encode("unicode_escape").decode("ascii")
