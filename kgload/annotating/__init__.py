"""Texts made ready for a person to annotate, and read back: gold, brat standoff, Doccano."""
