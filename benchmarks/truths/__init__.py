"""Made editions measured as the build does, and scored against the truth that was written beside them."""
