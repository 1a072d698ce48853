"""Contracts held: what was taken, what was set aside, and why."""
