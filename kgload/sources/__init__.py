"""Text, HTML and JSON Lines in, Article records out."""
