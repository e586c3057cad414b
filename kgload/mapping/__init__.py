"""Documents to RDF."""
