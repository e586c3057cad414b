"""The canned queries, their parameters and their results."""
