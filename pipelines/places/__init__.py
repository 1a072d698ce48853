"""Where things lie: areas, cells, extents, titles."""
