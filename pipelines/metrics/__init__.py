"""What a monitoring system asks for, read from the database: no crawl is asked, and none is slowed."""

from pipelines.metrics.measures import Measure, Sample, measures

__all__ = ["Measure", "Sample", "measures"]
