"""How fast a class is graded: this grader and others, on the same 12 checks and the same submissions."""
