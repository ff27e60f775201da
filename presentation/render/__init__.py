"""Renderers that turn blocks into lines: CSV, plain text, and text for a terminal."""
