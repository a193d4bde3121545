"""A worker without lockdown, for systems that have none: a process of its own on its standard input and output."""

import importlib.util
import os
import sys
from pathlib import Path

if __name__ == "__main__":  # run as a script: this folder becomes a package of its own, not part of the project's
    _here = Path(__file__).parent
    _spec = importlib.util.spec_from_file_location(
        "_worker", _here / "__init__.py", submodule_search_locations=[str(_here)]
    )
    assert _spec is not None
    sys.modules["_worker"] = importlib.util.module_from_spec(_spec)
    __package__ = "_worker"

from . import serve


def main(memory: int, preload: list[str]) -> None:
    """Move the protocol away from the standard streams, limit what can be limited, and serve."""
    reading, writing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass
    for name in preload:
        importlib.import_module(name)
    folder = str(Path(__file__).parent)
    sys.path[:] = [p for p in sys.path if p != folder]
    serve.serve(reading, writing)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main(int(sys.argv[1]), [m for m in sys.argv[2].split(",") if m])
