"""Slips in code: what one small change of a syntax tree does, and what may undo one."""
