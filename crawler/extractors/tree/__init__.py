"""The page as one flat list of blocks, made in one walk."""
