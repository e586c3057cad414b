"""The commands, one a file; each parses and prints, and calls the library for the work."""
