"""Paint: rows in, something on a map or a chart out, with its legend."""
