"""A class: finding what was handed in, judging it in several processes, and writing the gradebook."""
