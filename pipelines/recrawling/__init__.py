"""Pages fetched again because somebody asks for them by name, and what each of them has become.

choice    which pages: by site and by conditions
feeding   they are leased like all others; where another worker has their site, it asks for them, and is waited for
telling   each is compared with what was stored before
"""
