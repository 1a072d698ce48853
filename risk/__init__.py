"""The ground floor: the words of the field and pure functions from frames to frames."""
