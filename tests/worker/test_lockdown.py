"""The lockdown for real: each layer is tried from inside a worker."""

import os
import platform
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.judge.isolation.forkserver import Zygote
from grader.judge.isolation.sandbox import Failure, Room
from grader.worker import lockdown, syscalls
from tests.worker.helpers import call, loaded, value

CHECKOUT = Path(__file__).parents[2]
LIBC = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    shop = Zygote()
    shop.prepare()
    yield shop
    shop.close()


def attempt(shop: Zygote, code: str, *arguments: Any) -> Any:
    """The value of an expression, or the name of the exception that it raises."""
    text = f"{LIBC}import socket, signal, threading, sys\nfrom pathlib import Path\n"
    text += f"def f(*a):\n    try: return {code}\n    except BaseException as error: return type(error).__name__"
    return value(shop, text, *arguments)


FORBIDDEN = {
    "a file of the checkout": f"open({str(CHECKOUT / 'pyproject.toml')!r}).read()",
    "the grader's own package": f"open({str(CHECKOUT / 'grader' / 'assignment.py')!r}).read()",
    "a folder of the checkout": f"os.listdir({str(CHECKOUT)!r})",
    "users": "open('/etc/passwd').read()",
    "the root": "os.listdir('/')",
    "temporary files": "os.listdir('/tmp')",
    "shared memory": "open('/dev/shm/x', 'w')",
    "processes": "os.listdir('/proc')",
    "its own memory": "open('/proc/self/mem', 'rb')",
    "its own environment": "open('/proc/self/environ').read()",
    "its own maps": "open(f'/proc/{os.getpid()}/maps').read()",
    "its parent": "open(f'/proc/{os.getppid()}/environ').read()",
    "writing to a library": "open(os.__file__, 'a')",
    "emptying a library": "os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)",
    "deleting a library": "os.unlink(os.__file__)",
    "a socket": "socket.socket()",
    "a local socket": "socket.socket(socket.AF_UNIX)",
    "a fork": "os.fork()",
    "a program": "os.execv('/bin/true', ['true'])",
    "a child": "os.posix_spawn('/bin/true', ['true'], {})",
    "killing its parent": "os.kill(os.getppid(), 0)",
    "killing the first process": "os.kill(1, 0)",
    "killing everyone": "os.kill(-1, 0)",
    "killing its group": "os.kill(0, 0)",
    "a device": "os.mknod('x', 0o020600, os.makedev(1, 1))",
    "a pipe with a name": "os.mkfifo('x')",
    "a link": "os.symlink('/etc/passwd', 'x')",
    "a hard link": "os.link('/etc/passwd', 'x')",
    "another user": "os.setuid(0)",
    "another group": "os.setgid(0)",
    "another root": "os.chroot('.')",
    "another core": "os.sched_setaffinity(0, {0, 1})",
    "a higher priority": "os.nice(-1)",
    "a memory file": "os.memfd_create('x')",
    "more memory": "__import__('resource').setrlimit(9, (-1, -1))",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_forbidden(zygote: Zygote, what: str) -> None:
    assert attempt(zygote, FORBIDDEN[what]) in ("PermissionError", "OSError", "FileNotFoundError", "ValueError")


DENIED = {
    "ptrace": "libc.ptrace(16, os.getppid(), None, None)",
    "process_vm_readv": "libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0)",
    "mount": "libc.mount(b'x', b'/tmp', b'tmpfs', 0, None)",
    "umount": "libc.umount2(b'/', 2)",
    "unshare": "libc.unshare(0x10000000)",
    "setns": "libc.setns(0, 0)",
    "prctl dumpable": "libc.prctl(4, 1, 0, 0, 0)",
    "prctl death signal": "libc.prctl(1, 0, 0, 0, 0)",
    "io_uring": "libc.syscall(425, 1, 0)",
    "bpf": "libc.syscall(321, 0, 0, 0)",
    "keyctl": "libc.syscall(250, 0, 0, 0)",
    "clone3": "libc.syscall(435, 0, 0)",
    "clone into a namespace": "libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)",
    "pidfd_open": "libc.syscall(434, os.getpid(), 0)",
    "userfaultfd": "libc.syscall(323, 0)",
    "open_tree": "libc.syscall(428, -100, b'/', 0)",
    "openat2": "libc.syscall(437, -100, b'/etc/passwd', 0, 24)",
}


@pytest.mark.parametrize("what", DENIED)
def test_denied_system_calls(zygote: Zygote, what: str) -> None:
    assert attempt(zygote, DENIED[what]) == -1


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only this machine has a second set of numbers")
def test_the_other_numbers_end_the_process(zygote: Zygote) -> None:
    with (
        loaded(zygote, f"{LIBC}def f(): return libc.syscall(0x40000000 | 39)") as worker,
        pytest.raises(Failure) as caught,
    ):
        call(worker)
    assert caught.value.verdict == "violation"


ALLOWED = {
    "scratch": "Path('x').write_text('hello') and Path('x').read_text()",
    "threads": "[t.start() or t.join() for t in [threading.Thread(target=print) for _ in range(8)]] and 'hello'",
    "a lazy import": "__import__('numpy.fft').fft.fft([1.0]).real[0] and 'hello'",
    "another lazy import": "__import__('decimal').Decimal('1') and 'hello'",
    "an event loop": "__import__('asyncio').run(__import__('asyncio').sleep(0, 'hello'))",
    "time": "__import__('time').sleep(0.001) or 'hello'",
    "changing a mode": "open('x', 'w').close() or os.chmod('x', 0) or 'hello'",
    "a temporary folder": "__import__('tempfile').TemporaryDirectory().name and 'hello'",
    "linear algebra": "__import__('numpy').linalg.svd([[1.0, 2.0], [3.0, 4.0]]) and 'hello'",
    "signalling itself": "os.kill(os.getpid(), 0) or 'hello'",
    "random bytes": "os.urandom(8) and 'hello'",
}


@pytest.mark.parametrize("what", ALLOWED)
def test_still_working(zygote: Zygote, what: str) -> None:
    assert attempt(zygote, ALLOWED[what]) == "hello"


def test_modes_and_times_of_other_files_stay(zygote: Zygote) -> None:
    before = Path(os.__file__).stat()
    assert attempt(zygote, "(os.chmod(os.__file__, 0), os.utime(os.__file__, (0, 0)), 'tried')[2]") == "tried"
    after = Path(os.__file__).stat()
    assert (after.st_mode, after.st_mtime) == (before.st_mode, before.st_mtime)


def test_memory_is_limited(zygote: Zygote) -> None:
    with loaded(zygote, "def f(): return len(bytearray(1 << 30))", Room(memory_mb=512)) as worker:
        assert call(worker)["error"]["type"] == "MemoryError"


def test_disk_is_limited(zygote: Zygote) -> None:
    text = """
def f():
    written = 0
    try:
        for n in range(100):
            with open(f"part{n}", "wb", buffering=0) as file:
                for _ in range(16):
                    written += file.write(bytes(1 << 20))
    except OSError:
        pass
    return written
"""
    assert value(zygote, text) <= 64 << 20


def test_files_are_limited(zygote: Zygote) -> None:
    text = "def f():\n    try:\n        for n in range(5000): open(f'x{n}', 'w').close()\n    except OSError: return n"
    assert value(zygote, text) <= 2000


def test_threads_are_limited(zygote: Zygote) -> None:
    text = """
import threading
def f():
    try:
        for n in range(5000): threading.Thread(target=threading.Event().wait, daemon=True).start()
    except RuntimeError:
        return n
"""
    assert value(zygote, text) <= 100


def test_descriptors_are_limited(zygote: Zygote) -> None:
    text = (
        "import os\ndef f():\n    try:\n        for n in range(5000): os.dup(1)\n    except OSError:\n        return n"
    )
    assert value(zygote, text) <= 128


def test_no_descriptor_but_its_own_is_open(zygote: Zygote) -> None:
    text = """
import os
def f():
    found = []
    for fd in range(5000):
        try:
            os.fstat(fd)
            found.append(fd)
        except OSError:
            pass
    return found
"""
    assert value(zygote, text) == [0, 1, 2, 100, 101]


def test_nothing_stays_from_one_worker_to_the_next(zygote: Zygote) -> None:
    text = "import os\ndef f():\n    there = os.path.exists('left')\n    open('left', 'w').close()\n    return there"
    assert [value(zygote, text) for _ in range(2)] == [False, False]


def test_no_module_of_the_judge_is_loaded_or_can_be(zygote: Zygote) -> None:
    text = (
        "import sys\ndef f(): return [m for m in sys.modules if m.split('.')[0] in ('grader', 'reference', 'pytest')]"
    )
    assert value(zygote, text) == []
    for name in ("grader.cli", "reference.shapes", "assignments.activations.test_hidden"):
        assert attempt(zygote, f"__import__({name!r})") in ("ModuleNotFoundError", "PermissionError")


def test_the_import_path_holds_libraries_alone(zygote: Zygote) -> None:
    paths = value(zygote, "import sys\ndef f(): return sys.path")
    assert paths
    assert [p for p in paths if (Path(p) / "pyproject.toml").exists() or not p] == []


def test_names_outside_cannot_be_found_out(zygote: Zygote) -> None:
    places = [CHECKOUT / "grader" / "assignment.py", CHECKOUT / "tests" / "worker", Path("/home"), Path("/tmp", "x")]
    if "scratch" in zygote.isolation:
        assert attempt(zygote, "[os.path.exists(p) and bool(os.path.isfile(p) or '/tests' in p) for p in a]",
                       *map(str, places)) == [False] * len(places)  # fmt: skip


def test_the_process_cannot_be_read_by_others_of_its_user(zygote: Zygote) -> None:
    assert value(zygote, f"{LIBC}def f(): return libc.prctl(3, 0, 0, 0, 0)") == 0


def test_a_signal_of_its_own_death_is_set(zygote: Zygote) -> None:
    text = Path(f"/proc/{zygote.process.pid}/status").read_text()
    assert "Threads:\t1" in text


def test_both_tables_name_every_call_that_the_filter_allows() -> None:
    old = """
        creat stat lstat access readlink getdents mkdir rmdir unlink rename dup2 pipe poll select epoll_create
        epoll_wait eventfd pause time alarm getpgrp arch_prctl
    """
    missing = {name for name in lockdown.ALLOWED if name not in syscalls.AARCH64}
    assert missing == set(old.split())
    assert [name for name in lockdown.ALLOWED if name not in syscalls.X86_64] == []
    assert len(set(syscalls.X86_64.values())) == len(syscalls.X86_64)
    assert len(set(syscalls.AARCH64.values())) == len(syscalls.AARCH64)


def as_another_user(code: str) -> str:
    """What a program prints that gives up root before it does anything."""
    program = f"""
import os, sys
if os.getuid() == 0:
    os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
{textwrap.dedent(code)}
"""
    # The modules are loaded as root: an ordinary user might not be allowed to enter this checkout.
    imports = "import ctypes, resource, errno, struct, pathlib, grader.worker.lockdown as lockdown\n"
    command = [sys.executable, "-c", imports + program]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_landlock_and_seccomp_need_no_root() -> None:
    code = """
    rules = lockdown.landlock_rules([("/usr", lockdown.READ)])
    lockdown.drop_capabilities()
    lockdown.limit(1 << 32, 60, 0, 1000)
    lockdown.prctl(lockdown.PR_SET_DUMPABLE, 0)
    lockdown.landlock(rules)
    lockdown.seccomp(lockdown.seccomp_program())
    said = [os.getuid() != 0]
    for attempt in (lambda: open("/etc/passwd"), os.fork, lambda: os.listdir("/tmp"), lambda: os.kill(os.getppid(), 0)):
        try:
            attempt()
            said.append("done")
        except PermissionError:
            said.append("refused")
    print(*said, bool(os.listdir("/usr")))
    """
    assert as_another_user(code) == "True refused refused refused refused True"


def test_scratch_without_root() -> None:
    """Where user namespaces are not allowed the refusal must be an OSError, which means that there is no scratch."""
    code = """
    try:
        lockdown.private_mounts()
        lockdown.mount_tmpfs("/mnt", 1 << 20, 10)
        with open("/mnt/x", "wb") as file:
            file.write(bytes(1 << 19))
        print(os.listdir("/mnt") == ["x"], os.statvfs("/mnt").f_blocks * os.statvfs("/mnt").f_bsize <= 1 << 20)
    except OSError as error:
        print(True, isinstance(error, OSError))
    """
    before = list(Path("/mnt").iterdir())
    assert as_another_user(code) == "True True"
    assert list(Path("/mnt").iterdir()) == before
