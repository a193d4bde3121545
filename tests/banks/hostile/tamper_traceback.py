"""Code that claims to come from another file and function."""

from honest import *
code = compile("def relu(Z):\n    raise ValueError('here')", "../../etc/passwd\n::error::", "exec")
exec(code)
relu.__code__ = relu.__code__.replace(co_name="<script>" * 1000, co_filename="x" * 100_000)
