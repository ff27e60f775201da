"""What the agreement says, as rules over a timeline: they yield findings and never refuse, print or read a clock."""
