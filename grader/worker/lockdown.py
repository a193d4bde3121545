"""One-way lockdown of the calling process on Linux: namespaces, user, limits, Landlock, seccomp.

ctypes alone, and byte strings instead of ctypes.Structure, whose layout rules change with Python 3.14.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
from collections.abc import Iterable
from pathlib import Path

from .syscalls import NUMBERS, TABLES

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1,
    2,
    4,
    8,
    32,
    4096,
    0x4000,
    1 << 18,
)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 8, 24, 38
CAP_DAC_READ_SEARCH, CAP_SETGID, CAP_SETUID = 2, 6, 7


def _check(result: int, what: str) -> int:
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(number: int, *arguments: int | ctypes.c_char_p | None) -> int:
    """A raw system call. Raises OSError."""
    widened = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _check(int(_libc.syscall(ctypes.c_long(number), *widened)), f"system call {number}")


def prctl(option: int, value: int = 0) -> None:
    """prctl(2) with one argument. Raises OSError."""
    rest = [ctypes.c_ulong(a) for a in (option, value, 0, 0, 0)]
    _check(_libc.prctl(*rest), f"prctl {option}")


# --- the file system: a private mount namespace and a scratch folder of limited size


def unshare(flags: int) -> None:
    """Leave the given namespaces. Raises OSError where that is not allowed."""
    _check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def mount_tmpfs(target: str, size: int, files: int, flags: int = 0) -> None:
    """Mount a tmpfs that holds at most `size` bytes and `files` files."""
    options = f"size={size},nr_inodes={files},mode=0777".encode()
    flags |= MS_NOSUID | MS_NODEV | MS_NOEXEC
    arguments = (b"scratch", target.encode(), b"tmpfs", ctypes.c_ulong(flags), ctypes.c_char_p(options))
    _check(_libc.mount(*arguments), f"mount {target}")


def bind(source: str, target: str) -> None:
    """Have one folder appear in another's place."""
    _check(_libc.mount(source.encode(), target.encode(), None, ctypes.c_ulong(MS_BIND), None), f"bind {target}")


def private_mounts() -> None:
    """A mount namespace of one's own, whose mounts nobody else sees; in a user namespace where that is needed."""
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        unshare(CLONE_NEWNS)
    else:
        unshare(CLONE_NEWUSER | CLONE_NEWNS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _check(_libc.mount(None, b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None), "mount /")


# --- Landlock

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << i for i in range(6))
MAKE_DIR, MAKE_REG, REFER, TRUNCATE, IOCTL_DEV = 1 << 7, 1 << 8, 1 << 13, 1 << 14, 1 << 15
READ = READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE | REFER
_FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446


def landlock_version() -> int:
    """The kernel's Landlock ABI, 0 where there is none."""
    try:
        return syscall(_CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0


def landlock_rules(rules: Iterable[tuple[str, int]]) -> int:
    """A ruleset, as a file descriptor, that grants the given paths and nothing else; no TCP, no signals outward."""
    version = landlock_version()
    if version < 1:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock")
    files = (1 << 13) - 1
    files |= (REFER if version >= 2 else 0) | (TRUNCATE if version >= 3 else 0) | (IOCTL_DEV if version >= 5 else 0)
    fields = struct.pack("=QQQ", files, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = syscall(_CREATE_RULESET, ctypes.c_char_p(fields), len(fields), 0)
    for path, access in rules:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            allowed = access & files
            if not os.path.isdir(f"/proc/self/fd/{fd}"):  # noqa: PTH112
                allowed &= _FOR_FILES
            syscall(_ADD_RULE, ruleset, 1, ctypes.c_char_p(struct.pack("=Qi", allowed, fd)), 0)
        finally:
            os.close(fd)
    return ruleset


def landlock(ruleset: int) -> None:
    """Apply a ruleset to this thread and its descendants, for ever."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    # From version 7 on: denials are not logged, since a stranger could flood the log with them.
    syscall(_RESTRICT_SELF, ruleset, 1 if landlock_version() >= 7 else 0)


# --- seccomp

_MACHINE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "arm64": 0xC00000B7}
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _ABSENT, _SEEMS_DONE = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS, 0x00050000

ALLOWED = """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 close close_range lseek creat stat
    fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd chdir fchdir getdents
    getdents64 statfs fstatfs mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 ftruncate fallocate
    fsync fdatasync sync_file_range fadvise64 readahead copy_file_range sendfile splice tee flock umask dup dup2
    dup3 pipe pipe2 poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
    epoll_pwait2 eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime mmap munmap mremap mprotect madvise
    msync mincore brk mlock munlock mlock2 membarrier get_mempolicy mbind set_mempolicy futex futex_waitv
    set_robust_list get_robust_list set_tid_address rseq sched_yield sched_getaffinity getcpu rt_sigaction
    rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack restart_syscall pause getpid
    gettid getppid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp getpgid getsid uname sysinfo
    times getrusage getpriority sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min
    sched_rr_get_interval clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time getitimer setitimer
    alarm timer_create timer_settime timer_gettime timer_getoverrun timer_delete getrandom exit exit_group
    arch_prctl getrlimit
""".split()  # noqa: SIM905
# glibc and NumPy fall back when these seem not to exist.
_ABSENT_CALLS = ("clone3", "openat2", "rseq_slice_yield", "io_uring_setup", "memfd_create")
# Landlock does not govern these, and without a user of its own the code would own the judge's files: they seem to work.
_PRETENDED = ("chmod", "fchmod", "fchmodat", "utimensat", "futimesat", "utime", "utimes")
_TRUNCATE_ONLY, _ACCESS_AND_TRUNCATE = os.O_TRUNC, os.O_TRUNC | os.O_ACCMODE
_CLONE_THREAD = 0x10000
_BY_ARGUMENT = {
    "fcntl": (1, (0, 1, 2, 3, 4, 1030, 5, 6, 7, 36, 37, 38, 1032)),
    "ioctl": (1, (0x5401, 0x541B, 0x5421, 0x5451, 0x5450, 0x5413)),
    "prctl": (0, (15, 16, 3, 0x53564D41, 39, 21, 27)),
    "socketpair": (0, (1,)),
}


def _op(code: int, yes: int, no: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value & 0xFFFFFFFF)


def _load(offset: int) -> bytes:
    return _op(0x20, 0, 0, offset)


def _answer(value: int) -> bytes:
    return _op(0x06, 0, 0, value)


def _if_equal(value: int, yes: int, no: int) -> bytes:
    return _op(0x15, yes, no, value)


def _argument(n: int) -> int:
    return 16 + 8 * n


def _one_of(argument: int, values: tuple[int, ...]) -> list[bytes]:
    n = len(values)
    tests = [_if_equal(v, n - i, 0) for i, v in enumerate(values)]
    return [_load(_argument(argument)), *tests, _answer(_REFUSE), _answer(_ALLOW)]


def seccomp_program(machine: str = platform.machine()) -> bytes:
    """The filter: an allow-list of system calls, some of them by their arguments. Made for the calling process."""
    numbers = TABLES[machine]
    program = [_load(4), _if_equal(_MACHINE[machine], 1, 0), _answer(_KILL), _load(0)]
    if machine == "x86_64":
        program += [_op(0x35, 0, 1, 0x40000000), _answer(_KILL)]  # the x32 numbers
    rules = {name: [_answer(_ALLOW)] for name in ALLOWED}
    rules |= {name: [_answer(_ABSENT)] for name in _ABSENT_CALLS}
    rules |= {name: [_answer(_SEEMS_DONE)] for name in _PRETENDED}
    # Before its version 3 Landlock let a file that may only be read be opened for reading and emptied with it.
    for name, flags in (("open", 1), ("openat", 2)):
        masked = [_load(_argument(flags)), _op(0x54, 0, 0, _ACCESS_AND_TRUNCATE)]
        rules[name] = [*masked, _if_equal(_TRUNCATE_ONLY, 0, 1), _answer(_REFUSE), _answer(_ALLOW)]
    rules |= {name: _one_of(*values) for name, values in _BY_ARGUMENT.items()}
    rules |= {name: _one_of(0, (os.getpid(),)) for name in ("tgkill", "kill", "rt_tgsigqueueinfo")}
    thread = _op(0x45, 0, 1, _CLONE_THREAD)
    rules["clone"] = [_load(_argument(0)), thread, _answer(_ALLOW), _answer(_REFUSE)]
    reading = [_load(_argument(2)), _if_equal(0, 0, 2), _load(_argument(2) + 4), _if_equal(0, 1, 0)]
    rules["prlimit64"] = [*reading, _answer(_REFUSE), _answer(_ALLOW)]
    for name, body in rules.items():
        if name in numbers:
            program += [_if_equal(numbers[name], 0, len(body)), *body]
    return b"".join([*program, _answer(_REFUSE)])


def seccomp_there() -> bool:
    """Whether this machine filters system calls, and its numbers are known."""
    try:
        return bool(NUMBERS) and syscall(NUMBERS["seccomp"], 2, 0, ctypes.c_char_p(struct.pack("=I", _KILL))) == 0
    except OSError:
        return False


def seccomp(program: bytes) -> None:
    """Install a filter for all threads of this process, for ever."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    buffer = ctypes.create_string_buffer(program, len(program))
    fields = struct.pack("=H6xQ", len(program) // 8, ctypes.addressof(buffer))
    if thread := syscall(NUMBERS["seccomp"], 1, 1, ctypes.c_char_p(fields)):
        raise OSError(errno.ESRCH, f"seccomp: thread {thread} could not be filtered")


# --- user and limits


def capabilities() -> set[int]:
    """The capabilities that are in force. In a container root has few."""
    status = Path("/proc/self/status").read_text()
    mask = int(status.partition("CapEff:")[2].split()[0], 16)
    return {n for n in range(64) if mask >> n & 1}


def drop_capabilities(keep: tuple[int, ...] = ()) -> None:
    """Give up every capability but those named, also for programs run later."""
    for capability in range(64):
        if capability in keep:
            continue
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break
    mask = sum(1 << c for c in keep)
    low, high = mask & 0xFFFFFFFF, mask >> 32
    head, data = struct.pack("=Ii", 0x20080522, 0), struct.pack("=IIIIII", low, low, 0, high, high, 0)
    syscall(NUMBERS["capset"], ctypes.c_char_p(head), ctypes.c_char_p(data))


def become(uid: int, keep_reading: bool) -> None:
    """As root: become another user. `keep_reading` where Python itself lies in a folder that only root may read."""
    os.setgroups([])
    if keep_reading:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    drop_capabilities((CAP_DAC_READ_SEARCH,) if keep_reading else ())


def tasks_of(uid: int) -> int:
    """How many tasks a user runs now: RLIMIT_NPROC counts by user."""
    count = 0
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if process.stat().st_uid == uid:
                    count += len(list((process / "task").iterdir()))
            except OSError:
                continue
    return count


def limit(memory: int, cpu_seconds: int, file_bytes: int, tasks: int) -> None:
    """Resource limits: address space, CPU seconds, bytes of a file, tasks of this user; no core dumps."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: 128,
        resource.RLIMIT_NPROC: tasks,
        resource.RLIMIT_MEMLOCK: 1 << 20,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 128,
    }
    for which, value in limits.items():
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))
