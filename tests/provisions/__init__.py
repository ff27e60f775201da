"""Cases for each provision: acts that keep it, break it, or lie on its boundary. Each case is played at the command
line.
"""
