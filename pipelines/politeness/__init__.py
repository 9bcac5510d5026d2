"""How a site is asked: its delay, its robots.txt, its refusals. Scrapy's components are named in the settings."""
