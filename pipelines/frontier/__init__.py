"""The frontier: which page is asked for next, and by whom. It is the `page` table, and survives whatever dies.

Frontier   leases sites to workers, and their due pages; what ends a lease is the store's acknowledgement
"""

from pipelines.frontier.frontier import Frontier
from pipelines.frontier.records import LEASE_SECONDS, LEASE_TRIES, Lease, LeaseLost, Remaining, SiteLease

__all__ = ["LEASE_SECONDS", "LEASE_TRIES", "Frontier", "Lease", "LeaseLost", "Remaining", "SiteLease"]
