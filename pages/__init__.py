"""One reader's question a file."""
