"""The learned extractor: a small encoder finds triggers, and reads each in its surroundings."""
