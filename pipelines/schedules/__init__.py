"""Schedules: which crawl is due, who runs it, and what became of each run."""

from pipelines.schedules.table import NewSchedule, Schedules, ScheduleState, Taken
from pipelines.schedules.timing import Timing

__all__ = ["NewSchedule", "ScheduleState", "Schedules", "Taken", "Timing"]
