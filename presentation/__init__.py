"""Answers as blocks, in words. Projections compute what an answer contains, and `render` decides how blocks look."""
