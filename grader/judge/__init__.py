"""The trusted side: it holds inputs, expected values, clocks and scores, and never runs what a student wrote."""
