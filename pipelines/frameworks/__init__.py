"""Frameworks that sites are assessed against: one TOML file a version, read, held together, compared."""
