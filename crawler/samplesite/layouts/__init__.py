"""From a `Page` to HTML: one module a layout."""
