"""Answers as blocks, in words. What is so is told by projections; how blocks look, by `render`."""
