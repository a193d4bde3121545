"""Text from strangers, made safe to show: what cannot be seen is spelled out.

All that a student had a hand in comes through here on its way to a reader, file names too. What is left for a renderer
is to escape what its own medium obeys.
"""

import re
import unicodedata

MOST_MARKS = 6
"""So many accents stand on one letter; more would run into the lines above and below."""

_EVERYDAY = re.compile(r"[\n\t -~]*")
_UNUSUAL = re.compile(r"[^\n\t -~]")
_COMMAND = re.compile(r"^((?:\x1b\[[0-9;]*m|[^\S\n])*)::", re.MULTILINE)
_LOG_COMMAND = re.compile(r"##(?=\w*\[)")
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that are drawn as nothing."""
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_LEFT_TO_RIGHT = "\u200e"


def visible(text: str) -> str:
    """The text with every character that is invisible or steers a display spelled out: ␛, ␀, \\u202e, \\ud800.

    Newlines and tabs stay, and what a script or an emoji needs where it needs it: joiners, variation selectors. The
    result can be encoded in UTF-8 and is legal in XML.
    """
    if _EVERYDAY.fullmatch(text):
        return text
    text = text.replace("\r\n", "\n")
    shown, before, marks = list[str](), "\n", 0
    for c, after in zip(text, text[1:] + "\n", strict=True):
        marks = marks + 1 if unicodedata.category(c) in ("Mn", "Me") else 0
        stays = not before.isspace() and marks <= MOST_MARKS if marks else True
        if not (stays and _stays(c, before, after)):
            c, marks = _spelled(c), 0
        shown.append(c)
        before = c[-1]
    return "".join(shown)


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


def apart(line: str) -> str:
    """A visible line to be followed by others: letters that run from right to left do not draw them in."""
    return line + _LEFT_TO_RIGHT if any(unicodedata.bidirectional(c) in ("R", "AL") for c in line) else line


def without_commands(text: str) -> str:
    """The text without commands to a build log: `::` begins no line, and `##[` and `##vso[` stand nowhere."""
    # GitHub's runner trims whitespace before it looks for `::`, and finds `##[` anywhere in a line.
    return _LOG_COMMAND.sub("## ", _COMMAND.sub(r"\1: :", text))


def json_text(text: str) -> str:
    """JSON with the same values in which nothing is invisible, steers a display or commands a build log."""
    text = _UNUSUAL.sub(lambda found: found[0] if _is_seen(found[0]) else _in_json(found[0]), text)
    return _LOG_COMMAND.sub(r"#\\u0023", text)


def _stays(character: str, before: str, after: str) -> bool:
    """Whether a character between two others is shown as it is."""
    if character in (_NON_JOINER, _JOINER):
        if unicodedata.combining(before) == 9:  # a virama
            return unicodedata.category(after)[0] == "L" and _is_seen(after)
        if character == _JOINER and (_is_picture(before) or before == "\ufe0f" or "🏻" <= before <= "🏿"):
            return _is_picture(after)
        return unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == "AL"
    if character in "\ufe0e\ufe0f":
        return _is_picture(before) or after == "\u20e3"
    if "\ufe00" <= character <= "\ufe0d" or "\U000e0100" <= character <= "\U000e01ef":
        return unicodedata.name(before, "").startswith("CJK")
    return character in "\n\t" or _is_seen(character)


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) == "So" and _is_seen(character)


def _is_seen(character: str) -> bool:
    return character.isprintable() and not _UNSEEN.match(character)


def _spelled(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if unicodedata.category(character) == "Zs":
        return " "
    return character.encode("unicode_escape").decode("ascii")


def _in_json(character: str) -> str:
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
