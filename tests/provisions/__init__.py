"""Each provision with cases that pass, that break it and that stand on its line, each played at the command line."""
