"""One build at a time in a folder: a second one waits until the first has ended.

Waiting, and not giving up, since both then have what they asked for, and the second makes only what the first has not.
The system takes the lock from a process that ends, however it ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def alone(folder: Path, on_wait: Callable[[str], None]) -> Iterator[bool]:
    """Hold the lock in `folder`; gives whether it was free at once.

    on_wait: told the id of the process that holds it ("" where that is not known) before it is waited for

    Raises:
        OSError: it cannot be written.
    """
    lock, holder = FileLock(folder / "lock"), folder / "pid"
    free = True
    try:
        lock.acquire(blocking=False)
    except Timeout:
        free = False
        on_wait(holder.read_text() if holder.is_file() else "")
        lock.acquire(poll_interval=0.2)
    try:
        holder.write_text(str(os.getpid()))
        yield free
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
