"""Is the disc what it claims to be: whole, whose, by the book."""
