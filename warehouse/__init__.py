"""DuckDB and nothing but DuckDB: contracts, releases, queries."""
