"""Text, links, dates, names, encodings and structured data: the parts of a page, each by itself."""
