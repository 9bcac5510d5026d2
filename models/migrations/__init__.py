"""The history of the tables, one for SQLite and PostgreSQL. `scrapy db upgrade` goes through it."""
