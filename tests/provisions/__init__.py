"""Cases for each provision that pass, break the provision, or lie on its boundary. Each case is played at the command
line.
"""
