"""The provisions of the agreement as rules over a timeline.

A rule yields findings. No rule refuses an event, prints or reads a clock.
"""
