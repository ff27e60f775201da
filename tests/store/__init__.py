"""The store, tested on every database it speaks to, and against crashes, full disks and other programs."""
