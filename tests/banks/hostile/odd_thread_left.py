"""A thread is left waiting for ever."""

from honest import *
import threading

threading.Thread(target=threading.Event().wait).start()
