"""How much a command tells of what it does, beside its results and its errors: `-q` says nothing, `-v` more."""

from contextvars import ContextVar

_IS_QUIET: ContextVar[bool] = ContextVar("is_quiet", default=False)
"""Of one call of a command, in its own context: messages come from many places, none of which has its options."""


def be_quiet() -> None:
    """From here on in this context."""
    _IS_QUIET.set(True)


def is_quiet() -> bool:
    return _IS_QUIET.get()
