"""What is given to be recorded, by whatever hand: the texts of fields, lines and rows become events."""
