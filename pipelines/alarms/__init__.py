"""What is not as it was, told by each site's own history: rows of `alarm`, raised and cleared."""

from pipelines.alarms.listing import SamplePage, ShownAlarm, listed_alarms
from pipelines.alarms.sync_targets import TargetLag, note_caught_up, target_lags
from pipelines.alarms.telling import Listeners, NotTaken, tell
from pipelines.alarms.watching import accept, look

__all__ = [
    "Listeners", "NotTaken", "SamplePage", "ShownAlarm", "TargetLag",
    "accept", "listed_alarms", "look", "note_caught_up", "target_lags", "tell",
]  # fmt: skip
