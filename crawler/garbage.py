"""How often Python looks for objects that refer to each other: its 700 of the young are few for what is loaded here.

A start makes 170,000 objects that stay to the end. Going through them again and again was a sixth of it, and once more
as Python ended another.
"""

import atexit
import gc

_OBJECTS_OF_A_START = 200_000
_OBJECTS_A_COLLECTION = 20_000  # 10 MB more than with 700


def start_uncollected() -> None:
    """No search while a command is loaded. One that never says that it has begun is searched seldom."""
    gc.set_threshold(_OBJECTS_OF_A_START)


def collect_seldom() -> None:
    """From here on, and never what is loaded by now: a page makes tens of thousands of objects and hardly a cycle."""
    gc.freeze()
    atexit.register(gc.freeze)  # what is loaded later: the process ends, and gives all memory back at once
    gc.set_threshold(_OBJECTS_A_COLLECTION)
