"""Explanations of events, for people and for programs: tables, a page of coloured sentences, JSON."""
