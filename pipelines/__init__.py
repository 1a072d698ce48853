"""Rows in: publishers' files become one checked release."""
