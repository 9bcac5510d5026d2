"""Pages whose text is made by scripts, in a browser that has no network of its own."""
