"""Where graphs are kept: the embedded store and SPARQL servers."""
