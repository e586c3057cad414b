"""Entities and events from articles."""
