"""The groups of rows: each has a TITLE, the GOALS that its rows stand for, and run(bench)."""
