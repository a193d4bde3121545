"""A text that is no text: lone surrogates, escapes, markup."""

from honest import *
def relu(Z):
    return "\ud800\x1b[31m<script>\x00\u202e"
