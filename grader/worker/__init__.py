"""The untrusted side: the process that holds one submission and serves its functions.

Nothing here imports anything of this project outside this folder, since all of it shares a process with a stranger.
"""
