"""From the rows of a release to what each audience may have of them."""
