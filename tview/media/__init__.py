"""Room media."""
