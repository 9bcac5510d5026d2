"""Stores: items in; tables, history and changes out."""
