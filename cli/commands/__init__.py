"""The commands, each in a file of its name, loaded when it is called."""
