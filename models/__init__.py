"""Shapes: items in flight (`items`) and tables at rest (`tables`)."""
