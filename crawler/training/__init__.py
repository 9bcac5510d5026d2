"""How learned parts are made from labelled pages: `python -m crawler.training -h`. The crawler imports none of it."""
