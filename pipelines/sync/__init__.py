"""Downstream: what is stored here, in another database, and kept like it.

Sync          a first copy, then changes in order; the position is in the target, in the transaction of the rows
WebhookSync   changes posted to a URL; the position is here
WarehouseSync through dlt, into DuckDB and others
"""

from pipelines.sync.choice import Choice, Step
from pipelines.sync.proof import TableSum, table_counts, table_sums
from pipelines.sync.receiver import RefusedReceiver, shown_webhook
from pipelines.sync.run import Sync, open_sync
from pipelines.sync.tables import ROOTS
from pipelines.sync.target import open_target
from pipelines.sync.warehouse import WarehouseSync
from pipelines.sync.webhook import WebhookSync

__all__ = [
    "ROOTS",
    "Choice",
    "RefusedReceiver",
    "Step",
    "Sync",
    "TableSum",
    "WarehouseSync",
    "WebhookSync",
    "open_sync",
    "open_target",
    "shown_webhook",
    "table_counts",
    "table_sums",
]
