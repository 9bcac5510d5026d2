"""The command line, as Scrapy commands. The only place that sees both reading and storing."""
