"""A site of our own for the demonstration and the tests: texts, layouts, and a server on loopback."""

from crawler.samplesite.server import serve
from crawler.samplesite.site import Resource, SampleSite

__all__ = ["Resource", "SampleSite", "serve"]
