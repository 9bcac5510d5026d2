"""Storing: items into tables.

StorePipeline   batches the items of a crawl and writes them off the event loop
Store           the same for commands: items in, what became of each out
"""

from pipelines.store.outcomes import Outcome, Stored
from pipelines.store.pipeline import StorePipeline
from pipelines.store.writer import Store, WriteResult

__all__ = ["Outcome", "Store", "StorePipeline", "Stored", "WriteResult"]
