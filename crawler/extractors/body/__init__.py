"""Which blocks are the body of the article."""
