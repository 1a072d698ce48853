"""What the `cobalt` command can do, by subject: each command with its line of help, its examples and what runs it."""
