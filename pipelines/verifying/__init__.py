"""A release held to the rules of disclosure from its files alone, by other code than the one that made it."""
