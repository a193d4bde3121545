"""The layers that may lie around a submission: what each keeps away, and what to do where one is missing."""

from typing import NamedTuple


class Layer(NamedTuple):
    """One layer."""

    keeps: str
    advice: str


LAYERS = {
    "landlock": Layer(
        "files: only Python and its libraries can be read",
        "Use Linux 5.13 or later with landlock in /sys/kernel/security/lsm (boot with lsm=landlock,... where it is "
        "not). In a container the host's kernel counts.",
    ),
    "seccomp": Layer(
        "system calls: no processes, sockets, signals or tracing",
        "Use Linux on x86-64 or arm64. In a container or a sandbox such as gVisor, allow the system call seccomp.",
    ),
    "limits": Layer(
        "memory, CPU time, threads, files that are open, the size of a file",
        "Use a system with setrlimit: Linux.",
    ),
    "user": Layer(
        "every worker is a user of its own",
        "Run the grader as root in a container. Without, a worker is your own user, and Landlock alone keeps files.",
    ),
    "scratch": Layer(
        "a folder of 64 MB for each worker, and no sight of other folders' names",
        "Allow mounts: root with CAP_SYS_ADMIN, or user namespaces (sysctl kernel.unprivileged_userns_clone=1 and, on "
        "Ubuntu, kernel.apparmor_restrict_unprivileged_userns=0). Without, code that writes files gets an error.",
    ),
}
