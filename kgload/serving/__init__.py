"""The graph over HTTP: pages, linked data, and a read-only SPARQL endpoint."""
