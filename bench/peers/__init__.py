"""What others do with the same events. Run in an environment of its own, by paths: nothing of ours is imported here."""
