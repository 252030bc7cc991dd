"""Room pixels."""
