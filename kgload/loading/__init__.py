"""Putting documents into a store: replace, skip, forget, count."""
