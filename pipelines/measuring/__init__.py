"""What is measured from the rows of a release: events, exposure, hotspots, rates, scores, coverage."""
