"""Calls that block, off the event loop, in one thread of their own."""

import asyncio
import threading
import time

from pipelines.one_thread import OneThread


def test_calls_at_once_are_made_one_after_another_in_one_thread_that_is_not_the_loops() -> None:
    seen: list[tuple[int, int]] = []

    def act(number: int) -> None:
        time.sleep(0.002 * (5 - number))
        seen.append((number, threading.get_ident()))

    async def run() -> None:
        thread = OneThread("test")
        await asyncio.gather(*(thread.call(act, number) for number in range(5)))
        thread.close()

    asyncio.run(run())

    assert [number for number, _ in seen] == list(range(5))
    assert len({thread for _, thread in seen}) == 1
    assert threading.get_ident() not in {thread for _, thread in seen}
