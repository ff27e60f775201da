"""The story that `liggare demo` plays. Every person, date and political party in the story is made up."""
