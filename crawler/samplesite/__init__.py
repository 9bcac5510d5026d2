"""A site of our own for the demonstration and the tests: texts, layouts, and a server on loopback."""
