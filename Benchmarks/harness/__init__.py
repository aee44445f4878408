"""What all groups of rows share: processes, load, data, rows and reports."""
