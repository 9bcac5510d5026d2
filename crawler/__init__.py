"""Reads: bytes and a URL in, items out."""
