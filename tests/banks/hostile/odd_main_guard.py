"""Training in a main guard, which is not run."""

from honest import *
if __name__ == "__main__":
    while True:
        pass
