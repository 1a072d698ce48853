"""The training edition: an invented copperbelt in the open ocean, with its truth written beside it."""
