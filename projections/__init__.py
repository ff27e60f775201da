"""One question per module: each function answers a question from a timeline and days, and returns typed values. No
clock, no SQL and no printing here.
"""
