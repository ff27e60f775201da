"""Tests the state of every file that the program writes, after a killed process, a failing disk or a power cut."""
