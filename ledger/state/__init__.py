"""The state of the body and the agreement on a day, computed once from a timeline.

Pure functions: no clock, no SQL, and nothing is refused.
"""
