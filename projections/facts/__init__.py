"""The state on a day as separate facts, so that two states can be compared. Each subject, such as meetings or costs,
has a module.
"""
