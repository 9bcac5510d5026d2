"""The command line, as Scrapy commands. The only place that sees both reading and storing.

Scrapy imports every module of this package to list the commands' names. So what a command alone needs (SQLAlchemy,
Alembic, the extractor) is imported where it is used: `scrapy version` takes half the time.
"""
