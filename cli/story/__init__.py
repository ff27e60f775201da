"""The story that `liggare demo` plays: every person, date and political party in it is made up."""
