"""One place, one site: records of several publishers matched and merged."""
