"""Measures as Prometheus reads them: on a port, or in a file. Needs the extra `metrics`."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest, start_http_server, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from pipelines.metrics.measures import Measure


class _Reader:
    """A collector that reads the database whenever it is asked."""

    def __init__(self, read: Callable[[], Sequence[Measure]]) -> None:
        self._read = read

    def describe(self) -> list[Metric]:
        """Nothing: the registry would read the database to learn the names."""
        return []

    def collect(self) -> Iterator[Metric]:
        for measure in self._read():
            kind = CounterMetricFamily if measure.is_counter else GaugeMetricFamily
            family = kind(measure.name, measure.told, labels=measure.labels)
            for sample in measure.samples:
                family.add_metric(sample.labels, sample.value)
            yield family


def registry_of(read: Callable[[], Sequence[Measure]]) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Reader(read))
    return registry


def exposition(read: Callable[[], Sequence[Measure]]) -> str:
    """In the text format of Prometheus."""
    return str(generate_latest(registry_of(read)), "utf-8")


def write_file(read: Callable[[], Sequence[Measure]], path: Path) -> None:
    """For the textfile collector of node_exporter; whole or not at all."""
    write_to_textfile(str(path), registry_of(read))


def serve(read: Callable[[], Sequence[Measure]], *, port: int, host: str) -> None:
    """Until interrupted."""
    server, thread = start_http_server(port, addr=host, registry=registry_of(read))
    try:
        threading.Event().wait()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
