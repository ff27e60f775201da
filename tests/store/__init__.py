"""Tests the store on every supported database, and against crashes, full disks and other programs."""
