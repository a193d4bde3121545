"""In a notebook: `%load_ext grader`, then `grader.check("softmax")` on the functions that were just defined."""

from typing import Any

from grader.assignment import Assignment, available
from grader.notebook.answer import Answer, Said
from grader.notebook.cells import defined
from grader.notebook.process import Ended, Process

_processes: dict[str, Process] = {}
"""Those that judge, by assignment: started by the first check, ended with the kernel."""


def check(name: str, assignment: str | None = None) -> Answer | Said:
    """Check a function, or all of an assignment, as the cells that were run define it."""
    try:
        chosen = _choose(name, assignment)
        about = [] if name == chosen.name else [name]
        cells, modules = defined(_history(), about or chosen.functions, chosen.name)
        if chosen.name not in _processes:
            _processes[chosen.name] = Process(chosen.name)
        return Answer(_processes[chosen.name].ask(cells, modules, about))
    except ValueError as problem:
        return Said(str(problem))
    except (Ended, KeyboardInterrupt) as stopped:
        while _processes:
            _processes.popitem()[1].kill()
        if isinstance(stopped, KeyboardInterrupt):
            raise
        return Said(str(stopped))


def load(shell: Any) -> None:
    """What `%load_ext grader` does: the name `grader`, and `%grade softmax` for short."""
    import grader

    shell.push({"grader": grader})
    shell.register_magic_function(lambda line: check(*line.split()), "line", "grade")


def _history() -> list[str]:
    """The text of every cell that was run, by its number."""
    try:
        from IPython import get_ipython
    except ImportError:
        shell = None
    else:
        shell = get_ipython()
    if shell is None:
        raise ValueError("grader.check works in a notebook; at the command line it is: grader check NAME")
    return list(shell.history_manager.input_hist_raw)


def _choose(name: str, assignment: str | None) -> Assignment:
    """The assignment that is meant. Raises ValueError with one sentence."""
    known = {a.name: a for a in available()}
    if assignment is not None and assignment not in known:
        raise ValueError(f"There is no assignment {assignment!r}. There are: {', '.join(sorted(known))}.")
    if assignment is None and name in known:
        return known[name]
    having = [a for a in known.values() if name in (*a.functions, a.name) and assignment in (None, a.name)]
    if not having:
        place = f"the assignment {assignment!r}" if assignment else "any assignment"
        raise ValueError(f"{name!r} is no function of {place}.")
    if len(having) > 1:
        raise ValueError(
            f"{', '.join(a.name for a in having[:-1])} and {having[-1].name} each ask for {name}; say which is meant: "
            f'grader.check("{name}", assignment="{having[0].name}")'
        )
    return having[0]
