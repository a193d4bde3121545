"""The filter of system calls, run by an interpreter of its own: for both machines, whichever this one is."""

import errno
import os
import struct

import pytest

from grader.worker.lockdown import ALLOWED, seccomp_program
from grader.worker.syscalls import TABLES

ALLOW, KILL, REFUSE, ABSENT = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
OTHERS = {
    "x86_64": {"socket": 41, "connect": 42, "execve": 59, "fork": 57, "vfork": 58, "ptrace": 101, "mount": 165,
               "unshare": 272, "setns": 308, "bpf": 321, "execveat": 322, "pidfd_open": 434, "link": 86, "mknod": 133,
               "symlink": 88, "shmget": 29, "msgget": 68, "process_vm_readv": 310, "keyctl": 250, "setuid": 105,
               "sched_setaffinity": 203, "personality": 135, "userfaultfd": 323, "perf_event_open": 298},
    "aarch64": {"socket": 198, "connect": 203, "execve": 221, "ptrace": 117, "mount": 40, "unshare": 97, "setns": 268,
                "bpf": 280, "execveat": 281, "pidfd_open": 434, "linkat": 37, "mknodat": 33, "symlinkat": 36,
                "shmget": 194, "msgget": 186, "process_vm_readv": 270, "keyctl": 219, "setuid": 146,
                "sched_setaffinity": 122, "personality": 92, "userfaultfd": 282, "perf_event_open": 241},
}  # fmt: skip
machines = pytest.mark.parametrize("machine", sorted(ARCHITECTURE))


def decide(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the kernel would answer to a system call: classic BPF over struct seccomp_data."""
    padded = [a & 0xFFFFFFFFFFFFFFFF for a in (*arguments, *[0] * (6 - len(arguments)))]
    data = struct.pack("<IIQ6Q", number, architecture or ARCHITECTURE[machine], 0, *padded)
    program = [*struct.iter_unpack("=HBBI", seccomp_program(machine))]
    a, at = 0, 0
    for _ in program:
        code, yes, no, k = program[at]
        at += 1
        match code:
            case 0x20:
                (a,) = struct.unpack_from("<I", data, k)
            case 0x54:
                a &= k
            case 0x15 | 0x35 | 0x45:
                at += yes if {0x15: a == k, 0x35: a >= k, 0x45: bool(a & k)}[code] else no
            case 0x06:
                return k
    raise AssertionError("the filter does not end")


@machines
def test_the_kernel_takes_a_filter_of_this_length(machine: str) -> None:
    assert len(seccomp_program(machine)) // 8 <= 4096


@machines
def test_what_is_allowed(machine: str) -> None:
    special = {"ioctl", "prctl", "socketpair", "fcntl"}
    for name in set(ALLOWED) - special:
        if name in TABLES[machine]:
            assert decide(machine, TABLES[machine][name]) == ALLOW, name


@machines
def test_what_is_refused(machine: str) -> None:
    for name, number in OTHERS[machine].items():
        assert decide(machine, number) == REFUSE, name
    for number in (453, 600, 1 << 20):
        assert decide(machine, number) == REFUSE


@machines
def test_a_system_call_of_another_machine_ends_the_process(machine: str) -> None:
    for other in (0x40000003, 0x40000028, *ARCHITECTURE.values()):  # of 32 bits, and the other machine
        if other != ARCHITECTURE[machine]:
            assert decide(machine, 0, architecture=other) == KILL
    if machine == "x86_64":
        assert decide(machine, 0x40000000 | 39) == KILL


@machines
def test_what_depends_on_the_arguments(machine: str) -> None:
    calls = TABLES[machine]
    thread, process = 0x10000 | 0x3D0F00, 17
    assert decide(machine, calls["clone"], thread) == ALLOW
    assert decide(machine, calls["clone"], process) == REFUSE
    assert decide(machine, calls["clone3"]) == ABSENT
    for name in ("kill", "tgkill"):
        assert decide(machine, calls[name], os.getpid()) == ALLOW
        for other in (0, 1, -1, -os.getpid(), os.getppid()):
            assert decide(machine, calls[name], other) == REFUSE
    assert decide(machine, calls["prlimit64"], 0, 7, 0, 1) == ALLOW
    assert decide(machine, calls["prlimit64"], 0, 7, 1) == REFUSE
    assert decide(machine, calls["prlimit64"], 0, 7, 1 << 32) == REFUSE
    assert decide(machine, calls["openat"], 0, 0, os.O_RDONLY | os.O_TRUNC) == REFUSE
    assert decide(machine, calls["openat"], 0, 0, os.O_WRONLY | os.O_TRUNC) == ALLOW
    assert decide(machine, calls["prctl"], 4) == REFUSE
    assert decide(machine, calls["ioctl"], 0, 0x5412) == REFUSE  # TIOCSTI puts characters into a terminal
    assert decide(machine, calls["socketpair"], 1) == ALLOW
    assert decide(machine, calls["socketpair"], 2) == REFUSE
