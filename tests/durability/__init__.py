"""What a killed process, a failing disk and a power cut leave of every file that the program writes."""
