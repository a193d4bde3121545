"""An exception whose message is markup, escapes and orders."""

from honest import *
def relu(Z):
    raise ValueError("<img src=x onerror=alert(1)> \x1b[31m ::error::x \u202e =1+1 \x00 ]]> & \ud800")
