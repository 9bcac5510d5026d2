"""What to ask for, and nothing about how to read it."""
