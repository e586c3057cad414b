"""What people look at: the graph's events as pictures, tables and pages."""
