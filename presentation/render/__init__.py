"""Blocks as lines: plain, or for a terminal."""
