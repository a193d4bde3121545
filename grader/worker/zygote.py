"""The fork server: a small, single-threaded process that never holds tests, references or student code.

Started as a script with a scrubbed environment. Each request forks a child that locks itself down and only then
reads the submission. Requests and exits cross a SOCK_SEQPACKET socket as JSON, descriptors beside them.
"""

import contextlib
import importlib.util
import json
import os
import select
import signal
import socket
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a script: this folder becomes a package of its own, not part of the project's
    _here = Path(__file__).parent
    _spec = importlib.util.spec_from_file_location(
        "_worker", _here / "__init__.py", submodule_search_locations=[str(_here)]
    )
    assert _spec is not None
    sys.modules["_worker"] = importlib.util.module_from_spec(_spec)
    __package__ = "_worker"

from . import lockdown, serve

READING, WRITING = 100, 101
SCRATCH_BYTES, SCRATCH_FILES = 64 << 20, 2000
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "usr", "etc", "proc", "sys", "dev")
LEFT_OUT = ("grader", "deepgrader", "__editable__", "_deepgrader", "reference", "assignments")


def entries(folder: str) -> Iterator[str]:
    """What lies in a folder of libraries, without this project's own packages and without other Pythons' folders."""
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except OSError:
        return
    for name in names:
        if not name.startswith(LEFT_OUT) and name not in ("site-packages", "dist-packages"):
            yield f"{folder}/{name}"


def readable() -> Iterator[str]:
    """What a submission may read: the standard library, installed packages, shared libraries, time zones."""
    for folder in dict.fromkeys(map(os.path.realpath, sys.path)):
        yield from entries(folder)
    for folder in ("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"):
        yield from (e for e in entries(folder) if not Path(e).name.startswith("python"))
    yield from ("/usr/share/zoneinfo", "/etc/localtime", "/etc/ld.so.cache", "/usr/share/fonts", "/etc/fonts")
    yield from ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")


def libraries_only() -> None:
    """Leave nothing on the import path but the standard library and what is installed: no checkout, no editable one."""
    standard = {os.path.realpath(sysconfig.get_path(key)) for key in ("stdlib", "platstdlib")}
    ends = ("site-packages", "dist-packages", "lib-dynload")
    sys.path[:] = [p for p in sys.path if p.endswith(ends) or os.path.realpath(p) in standard]
    sys.meta_path[:] = [f for f in sys.meta_path if "editable" not in getattr(f, "__module__", "")]


def others(folder: Path, used: list[Path]) -> Iterator[Path]:
    """The folders beside those that are used, from a folder downwards: their names are nobody's business."""
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or not entry.is_dir() or entry in used:
            continue
        if any(entry in path.parents for path in used):
            yield from others(entry, used)
        else:
            yield entry


def others_may_enter(path: str) -> bool:
    """Whether another user could reach a path."""
    return all(p.stat().st_mode & 0o001 for p in [Path(path).resolve(), *Path(path).resolve().parents] if p.is_dir())


class Zygote:
    """Prepares once what every child needs: mounts, the Landlock rules, the list of layers in force."""

    def __init__(self) -> None:
        self.layers = ["seccomp", "limits"] if lockdown.seccomp_there() else ["limits"]
        self.scratch = self.mount()
        rules = [(p, lockdown.READ) for p in readable()]
        rules += [("/dev/null", lockdown.READ | lockdown.WRITE_FILE), ("/dev/urandom", lockdown.READ)]
        if self.scratch:
            rules.append((str(Path(self.scratch).parent), lockdown.WRITE))
        self.rules = -1
        if lockdown.landlock_version():
            self.rules = lockdown.landlock_rules(rules)
            self.layers.insert(0, "landlock")
        self.keep_reading = not others_may_enter(sys.prefix) or not others_may_enter(sys.base_prefix)
        needed = {lockdown.CAP_SETGID, lockdown.CAP_SETUID, *([lockdown.CAP_DAC_READ_SEARCH] * self.keep_reading)}
        self.users = os.getuid() == 0 and needed <= lockdown.capabilities()
        if self.users:
            self.layers.append("user")

    def mount(self) -> str:
        """A place for a scratch folder that only the children see; empty where mounts are not allowed.

        All folders that neither the system nor Python needs are covered, so that not even their names can be found out.
        """
        used = [Path(p).absolute() for p in (*sys.path, *map(sysconfig.get_path, ("stdlib", "purelib")))]
        used += [path.resolve() for path in used]  # a virtual environment may be reached through a link
        used += [Path("/", name) for name in SYSTEM]
        base = next((b for b in ("/media", "/mnt", "/srv", "/opt") if Path(b).is_dir()), "")
        if not base or any(Path(base) in path.parents for path in used):
            return ""
        try:
            lockdown.private_mounts()
            lockdown.mount_tmpfs(base, 1 << 16, 16)
            Path(base, "scratch").mkdir(mode=0o777)
            Path(base, "empty").mkdir(mode=0o555)
            for folder in others(Path("/"), [*used, Path(base)]):
                lockdown.bind(f"{base}/empty", str(folder))
            lockdown.mount_tmpfs(base, 1 << 16, 16, lockdown.MS_REMOUNT | lockdown.MS_RDONLY)
            lockdown.mount_tmpfs(f"{base}/scratch", SCRATCH_BYTES, SCRATCH_FILES)
        except OSError:
            return ""
        self.layers.append("scratch")
        os.environ["HOME"] = os.environ["TMPDIR"] = f"{base}/scratch"
        return f"{base}/scratch"

    def child(self, job: dict[str, Any], descriptors: list[int]) -> None:
        """What a fork does before it reads a byte of the student's."""
        for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.setsid()
        lockdown.prctl(lockdown.PR_SET_PDEATHSIG, signal.SIGKILL)
        reading, writing, output = descriptors
        null = os.open("/dev/null", os.O_RDONLY)
        rules = 102
        for source, target in ((null, 0), (output, 1), (output, 2), (reading, READING), (writing, WRITING)):
            os.dup2(source, target)
        if self.rules >= 0:
            os.dup2(self.rules, rules)
        os.closerange(3, READING)
        os.closerange(rules + 1, 4096)
        os.umask(0o077)
        if self.scratch:
            lockdown.unshare(lockdown.CLONE_NEWNS)
            lockdown.mount_tmpfs(self.scratch, SCRATCH_BYTES, SCRATCH_FILES)
            os.chdir(self.scratch)
        else:
            os.chdir("/")
        if job["cpu"] is not None:
            os.sched_setaffinity(0, {job["cpu"]})
        if self.users:
            lockdown.become(job["uid"], self.keep_reading)
            lockdown.prctl(lockdown.PR_SET_PDEATHSIG, signal.SIGKILL)
            tasks = 64
        else:
            lockdown.drop_capabilities()
            tasks = lockdown.tasks_of(os.getuid()) + 64
        lockdown.limit(job["memory"], job["cpu_seconds"], SCRATCH_BYTES if self.scratch else 0, tasks)
        lockdown.prctl(lockdown.PR_SET_DUMPABLE, 0)
        if self.rules >= 0:
            lockdown.landlock(rules)
            os.close(rules)
        if "seccomp" in self.layers:
            lockdown.seccomp(lockdown.seccomp_program())
        serve.serve(READING, WRITING)

    def run(self, control: socket.socket) -> None:
        """Fork on request and report exits, until the judge closes the socket."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        poll = select.poll()
        poll.register(control, select.POLLIN)
        poll.register(reading, select.POLLIN)
        control.send(json.dumps({"layers": self.layers, "threads": len(os.listdir("/proc/self/task"))}).encode())  # noqa: PTH208
        while True:
            for fd, _ in poll.poll():
                if fd == reading:
                    os.read(reading, 4096)
                elif not self.fork(control):
                    return
            self.reap(control)

    def fork(self, control: socket.socket) -> bool:
        message, descriptors, _, _ = socket.recv_fds(control, 65536, 3)
        if not message:
            return False
        job = json.loads(message)
        pid = os.fork()
        if pid == 0:
            try:
                control.close()
                self.child(job, descriptors)
            except BaseException as error:
                os.write(2, f"lockdown failed: {type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(97)
        handle = os.pidfd_open(pid)
        socket.send_fds(control, [json.dumps({"started": pid}).encode()], [handle])
        for fd in (*descriptors, handle):
            os.close(fd)
        return True

    @staticmethod
    def reap(control: socket.socket) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            control.send(json.dumps({"ended": pid, "status": status}).encode())


def main(control: int, preload: list[str]) -> None:
    """Prepare, import what submissions will import anyway, and serve."""
    libraries_only()
    zygote = Zygote()
    import gc

    for name in (
        "numpy",
        "numpy.random",
        "inspect",
        "linecache",
        "math",
        "collections",
        "functools",
        "itertools",
        "copy",
        *preload,
    ):
        importlib.import_module(name)
    if "torch" in preload:
        import torch

        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        # The first torch.autograd.grad imports this and 480 modules with it, which takes 0.3 s in every fork.
        with contextlib.suppress(ImportError):
            importlib.import_module("torch.fx.experimental.symbolic_shapes")
    sys.modules["_worker"].__path__ = []
    gc.collect()
    gc.freeze()
    zygote.run(socket.socket(fileno=control))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main(int(sys.argv[1]), [m for m in sys.argv[2].split(",") if m])
