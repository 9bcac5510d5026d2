"""Reading a document: one door, `extract_page`."""
