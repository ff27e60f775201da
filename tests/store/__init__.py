"""The store, tested on every supported database, and against crashes, full disks and other programs."""
