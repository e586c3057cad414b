"""How good a graph is, measured against gold events."""
