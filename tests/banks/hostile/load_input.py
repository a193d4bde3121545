"""Waits for the keyboard."""

from honest import *
name = input("Your name: ")
