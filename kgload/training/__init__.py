"""Training the encoder: gold texts in, a model's folder out. An extra; nothing else imports it."""
