"""Pages for people; what comes from the graph is text on them."""
