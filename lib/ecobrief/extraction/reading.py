"""Many documents read one after the other, on all cores, in the order in which they are named.

What a document gives is handed over as lines of CSV, so that of thousands of documents only a few are in memory at a time. A
library that dies of a document takes with it the process that reads this one document, and no more.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from ecobrief.documents import Unreadable, text_hash
from ecobrief.extraction import files, sheet
from ecobrief.extraction.candidates import candidates

ALONE = 16
"""Up to so many documents are read by this process, as others would take longer to start ..."""
ALONE_BYTES = 2 << 20
"""... and up to so many bytes."""
TICK = 0.5
"""Seconds."""


@dataclass(frozen=True)
class Asked:
    """What is the same for all documents: what is known of them, and the source_id of each text that has one, by its hash."""

    published: str = ""
    city_id: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of a document: `lines` of CSV with `count` candidates, or the reason why there is no text."""

    document: str
    lines: str = ""
    count: int = 0
    fault: str = ""


def outcome(document: str, asked: Asked) -> Outcome:
    """The candidates of one document, by its path."""
    try:
        text = files.text(Path(document))
    except Unreadable as error:
        return Outcome(document, fault=str(error))
    digest = text_hash(text)
    review = {"city_id": asked.city_id, "text_sha256": digest}
    review["source_id"] = asked.sources.get(digest) or sheet.source_id(document, digest)
    found = candidates(text, document=document, published=asked.published, city_id=asked.city_id)
    return Outcome(document, sheet.body(sheet.row(one, **review) for one in found), len(found))


def outcomes(
    documents: Sequence[str],
    asked: Asked,
    jobs: int | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Iterator[Outcome]:
    """What becomes of each document, in order.

    jobs: how many processes read, 0 for this one; by default as many as there are cores, and this one where there is little to
    read
    tick: called now and then while others read
    """
    if jobs is None:
        jobs = 0 if _is_little(documents) else min(os.cpu_count() or 1, len(documents))
    if jobs == 0:
        yield from (outcome(document, asked) for document in documents)
        return
    left = deque(documents)
    while left:
        yield from _together(left, asked, jobs, tick)
        # A process died: those that were under way are read one by one, each by a process of its own.
        for _ in range(min(len(left), 2 * jobs)):
            yield _apart(left.popleft(), asked)


def _together(left: deque[str], asked: Asked, jobs: int, tick: Callable[[], None]) -> Iterator[Outcome]:
    """The outcomes of what is left, taken from it one by one, until all is read or a process has died."""
    under_way: deque[Future[Outcome]] = deque()
    with _pool(jobs, asked) as pool:
        following = iter(tuple(left))
        try:
            while left:
                while len(under_way) < 2 * jobs and (document := next(following, None)) is not None:
                    under_way.append(pool.submit(_outcome, document))
                first = under_way.popleft()
                while not first.done():
                    wait([first], TICK)
                    tick()
                done = first.result()
                left.popleft()
                yield done
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(cancel_futures=True)


def _apart(document: str, asked: Asked) -> Outcome:
    with _pool(1, asked) as pool:
        try:
            return pool.submit(_outcome, document).result()
        except BrokenProcessPool:
            return Outcome(document, fault="made the process that read it die; it is left out")


_told: list[Asked] = []
"""In a process that reads: what it was told when it began, as that would weigh more than the name of a document."""


def _pool(jobs: int, asked: Asked) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (asked,))


def _begin(asked: Asked) -> None:
    _told.append(asked)


def _outcome(document: str) -> Outcome:
    return outcome(document, _told[0])


def _is_little(documents: Sequence[str]) -> bool:
    return len(documents) <= ALONE and sum(map(_size, documents)) <= ALONE_BYTES


def _size(document: str) -> int:
    try:
        return Path(document).stat().st_size
    except (OSError, ValueError):
        return 0
