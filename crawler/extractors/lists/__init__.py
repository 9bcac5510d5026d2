"""Which links make lists, of which kind, and their items."""
