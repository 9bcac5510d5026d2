"""Times as numbers, in both dialects: what is to be counted by the minute or by the day."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

DAY = 86_400


class EpochSeconds(FunctionElement[int]):
    """A time as whole seconds since 1970."""

    inherit_cache = True
    type = Integer()
    name = "epoch_seconds"


@compiles(EpochSeconds)
def _strftime(element: EpochSeconds, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(EpochSeconds, "postgresql")
def _extract(element: EpochSeconds, compiler: Any, **options: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **options)})) AS BIGINT)"
