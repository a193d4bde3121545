"""Does the work in a thread."""

from honest import *
import threading


def relu(Z):
    box = []
    worker = threading.Thread(target=lambda: box.append(np.maximum(Z, 0)))
    worker.start()
    worker.join()
    return box[0]
