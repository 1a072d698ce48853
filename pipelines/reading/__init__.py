"""Files as they stand: text tables, geographic files, workbooks, and parsers of single values."""
