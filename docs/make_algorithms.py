"""The page of all algorithms, made from the code: `python docs/make_algorithms.py`, or with `--check` to see if it is.

For each: the first sentence and the formula of its docstring, its files, the tests that name it, its measured speed.
"""

import argparse
import ast
import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = Path(__file__).with_name("algorithms.md")
SPEEDS = ROOT / "benchmarks" / "reference.json"
ERRATA = ROOT / "tests" / "reference" / "test_errata.py"
TOPICS = {
    "neuron": "One neuron", "activations": "Activations", "forward": "Forward propagation",
    "backprop": "Backpropagation", "losses": "Losses", "initialization": "Initialization",
    "optimizers": "Optimizers", "schedules": "Learning-rate schedules", "regularization": "Regularization",
    "augmentation": "Data augmentation", "batch_norm": "Batch normalization", "convolution": "Convolution",
    "pooling": "Pooling", "residual": "Residual connections", "architectures": "Architectures",
    "transfer": "Transfer learning", "rnn": "Recurrent networks", "lstm_gru": "LSTM and GRU",
    "practice": "Practice", "autoencoders": "Autoencoders", "gans": "Generative adversarial networks",
    "diffusion": "Diffusion", "attention": "Attention", "reinforcement": "Reinforcement learning",
}  # fmt: skip
INTRODUCTION = """\
# Every algorithm

<!-- Made by `python docs/make_algorithms.py`. Change the docstrings, the tests or the benchmarks, not this page. -->

The {count} functions and classes of the curriculum, in NumPy and, under the same name and with the same arguments, in
PyTorch (where `rng` is called `generator`); architectures and transfer learning are in PyTorch alone. Shapes,
arguments, sources and what is refused are in the docstrings.

**Speed** is NumPy's time over PyTorch's on one thread, at a small and a large size, in float64: below 1, NumPy is the
faster one. Measured with NumPy {numpy} and PyTorch {torch} on one core of an {machine};
`python -m benchmarks.reference_table` measures and prints all of it, and [speed.md](speed.md) tells the limits.
"""


class Vouchers:
    """The tests of one topic, by the functions they name, themselves or through the helpers of their file."""

    def __init__(self, file: Path) -> None:
        tree = ast.parse(file.read_text("utf-8"))
        self.tests = list(self._tests(tree))
        tests = {node for _, nodes in self.tests for node in nodes}
        self.helpers = {
            name: self._words(node)
            for node in tree.body
            if node not in tests and not (isinstance(node, ast.ClassDef) and node.name.startswith("Test"))
            for name in self._defined(node)
        }

    def of(self, function: str) -> list[str]:
        """The names of the tests that vouch for a function, in the order of the file."""
        naming: set[str] = set()
        while more := {
            n for n, words in self.helpers.items() if n not in naming and words & (naming | {f".{function}"})
        }:
            naming |= more
        wanted = naming | {f".{function}"}
        return [name for name, nodes in self.tests if any(self._words(node) & wanted for node in nodes)]

    @staticmethod
    def _tests(tree: ast.Module) -> Iterator[tuple[str, list[ast.AST]]]:
        """Each test with the nodes that say what it does: itself and the decorators of its class."""
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                yield node.name, [node]
            elif isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and method.name.startswith("test"):
                        yield f"{node.name}.{method.name}", [method, *node.decorator_list]

    @staticmethod
    def _defined(node: ast.stmt) -> Iterator[str]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))

    @staticmethod
    def _words(tree: ast.AST) -> set[str]:
        """Names as they stand; attributes and strings, which are how a test reaches a function, with a dot in front."""
        words = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                words.add(node.id)
            elif isinstance(node, ast.Attribute):
                words.add(f".{node.attr}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(f".{node.value}")
        return words


def trees(topic: str) -> dict[str, Any]:
    """The modules of a topic, by the name of the framework."""
    return {
        framework: importlib.import_module(f"reference.with_{framework.lower()}.{topic}")
        for framework in ("NumPy", "Torch")
        if (ROOT / "reference" / f"with_{framework.lower()}" / f"{topic}.py").exists()
    }


def signature(function: Callable[..., Any]) -> str:
    parameters = inspect.signature(function).parameters.values()
    return ", ".join(str(p.replace(annotation=inspect.Parameter.empty)) for p in parameters)


def parts(docstring: str) -> tuple[str, list[str]]:
    """What a docstring opens with, and its indented blocks, which are the formulas."""
    blocks = inspect.cleandoc(docstring).split("\n\n")
    formulas = [block for block in blocks if all(line.startswith("    ") for line in block.splitlines())]
    return " ".join(blocks[0].split()), formulas


def link(path: Path, text: str) -> str:
    return f"[{text}](../{path.relative_to(ROOT).as_posix()})"


def errata() -> list[tuple[str, list[str]]]:
    """The errors of the source page: what to tell, and the functions where one meets it."""
    told = []
    for node in ast.parse(ERRATA.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            text, met = (ast.get_docstring(node) or "").split("\n\nMet at ")
            told.append((" ".join(text.split()), re.findall(r"`([\w.]+)`", met)))
    return told


def contents() -> str:
    """The topics, linked."""
    titles = enumerate(TOPICS.values(), start=1)
    return "\n".join(f"{i}. [{title}](#{i}-{title.lower().replace(' ', '-')})" for i, title in titles)


def misprints() -> str:
    """The section on the errors of the source page."""
    opening = (
        f"## Errors of the source page\n\nEach is pinned by the test of its number in {link(ERRATA, ERRATA.name)}."
    )
    return opening + "\n\n" + "\n".join(f"{i}. {text}" for i, (text, _) in enumerate(errata(), start=1))


def aims(rows: list[dict[str, Any]]) -> str:
    """The section on the speeds that have an aim: the worst of each topic."""
    worst: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        if row["aim"]:
            against = f"`{row['rival']}`" if row["rival"] else "the PyTorch tree"
            key = (TOPICS[row["function"].split(".")[0]], against, row["dtype"], f"{row['aim']:g}")
            worst[key] = max(row, worst.get(key, row), key=lambda r: r["ratio"])
    table = ["| topic | against | type | at most | worst | |", "|---|---|---|---|---|---|"]
    for (topic, against, dtype, aim), row in worst.items():
        verdict = "reached" if row["ratio"] <= row["aim"] else "**missed**"
        where = f"`{row['function'].split('.')[1]}`, {row['size']}"
        table.append(f"| {topic} | {against} | {dtype} | {aim} | {row['ratio']:.2f} ({where}) | {verdict} |")
    return "## Aims of speed\n\nNumPy's time over PyTorch's, at both sizes (float32: the large one).\n\n" + "\n".join(
        table
    )


def speed(name: str, rows: list[dict[str, Any]]) -> str:
    """The measured ratios of one function."""
    own = [row for row in rows if row["function"] == name and not row["rival"] and row["dtype"] == "float64"]
    if not own:
        return "not measured"
    return ", ".join(f"{row['ratio']:.2f} ({row['size']}, {row['shape']})" for row in own)


def entry(topic: str, name: str, modules: dict[str, Any], vouchers: Vouchers, rows: list[dict[str, Any]]) -> str:
    """One algorithm."""
    function = getattr(modules.get("NumPy", modules["Torch"]), name, None) or getattr(modules["Torch"], name)
    sentence, formulas = parts(function.__doc__)
    lines = [f"### `{name}({signature(function)})`", "", sentence, ""]
    for formula in formulas:
        lines += ["```text", inspect.cleandoc(formula), "```", ""]
    for number, (text, met) in enumerate(errata(), start=1):
        if f"{topic}.{name}" in met:
            lines += [f"> Erratum {number} of the source page: {text}", ""]
    files = [
        link(ROOT / "reference" / f"with_{framework.lower()}" / f"{topic}.py", framework.replace("Torch", "PyTorch"))
        for framework, module in modules.items()
        if name in module.__all__
    ]
    tests = vouchers.of(name)
    lines += [f"{' · '.join(files)} · speed: {speed(f'{topic}.{name}', rows)}", ""]
    lines += [
        f"<details><summary>tests: {len(tests)}</summary>",
        "",
        *(f"- `{test}`" for test in tests),
        "",
        "</details>",
    ]
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    measured = json.loads(SPEEDS.read_text("utf-8"))
    names = {topic: trees(topic)["Torch"].__all__ for topic in TOPICS}
    versions = {key: measured[key] for key in ("numpy", "torch", "machine")}
    sections = [INTRODUCTION.format(count=sum(map(len, names.values())), **versions), contents(), misprints()]
    sections.append(aims(measured["rows"]))
    for number, (topic, title) in enumerate(TOPICS.items(), start=1):
        modules, file = trees(topic), ROOT / "tests" / "reference" / f"test_{topic}.py"
        vouchers = Vouchers(file)
        sections.append(f"## {number} {title}\n\nTests: {link(file, file.name)}")
        sections += [entry(topic, name, modules, vouchers, measured["rows"]) for name in names[topic]]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def main() -> None:
    """Write the page, or check that it is what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the page is out of date")
    if not parser.parse_args().check:
        PAGE.write_text(page(), "utf-8")
    elif PAGE.read_text("utf-8") != page():
        raise SystemExit(f"{PAGE.relative_to(ROOT)} is out of date: run `python docs/make_algorithms.py`")


if __name__ == "__main__":
    main()
