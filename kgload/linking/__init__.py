"""Entities to Wikidata items, by the gazetteer."""
