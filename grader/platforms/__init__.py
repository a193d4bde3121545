"""Where other systems run the grader: what each of them lays out, and what it wants to be told."""
