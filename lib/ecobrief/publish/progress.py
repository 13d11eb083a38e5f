"""How a build goes on, told on standard error: line by line, with a bar on a terminal, or in JSON for machines."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Literal, Protocol

from ecobrief.publish.batch import Progress, Result
from ecobrief.publish.job import Done, Failed
from ecobrief.publish.stale import Why


class Teller(Progress, Protocol):
    """Tells what else there is to tell, too."""

    def says(self, text: str) -> None:
        """A remark."""

    def fails(self, text: str) -> None:
        """Why the build cannot go on."""

    def ends(self, result: Result, out: Path) -> None:
        """The build has come to its end."""


def teller(form: Literal["text", "json"], explain: bool) -> Teller:
    """Who tells it in this form.

    explain: whether to say why each brief is made, which in JSON is always said
    """
    if form == "json":
        return Objects()
    return Bar(explain) if sys.stderr.isatty() else Lines(explain)


class Lines:
    """A line for each brief."""

    def __init__(self, explain: bool) -> None:
        self._explain = explain
        self._due = 0

    def waits(self, process: str) -> None:
        self.says(f"{_process(process)} is building into the same folder; waiting until it has ended")

    def begins(self, total: int, due: Why) -> None:
        self._due = len(due)
        if len(due) < total:
            self.says(f"{total - len(due)} of {total} briefs are up to date")
        if self._explain:
            for file, reasons in due.items():
                self.says(f"{file}: {'; '.join(reasons)}")

    def ended(self, count: int, outcome: Done | Failed, seconds: float) -> None:
        self.says(f"[{count}/{self._due}] {outcome.job.file}: {_outcome(outcome)}")

    def says(self, text: str) -> None:
        _write(text)

    def fails(self, text: str) -> None:
        self.says(f"Error: {text}")

    def ends(self, result: Result, out: Path) -> None:
        for failed in result.failed:
            self.says(str(failed))
        for name in result.left:
            self.says(f"{out / name} is of an earlier build and was left as it is")
        for path in result.altered:
            self.says(f"{path} changed while the briefs were made: build again")


class Bar(Lines):
    """A bar with count, rate and the time that is left; what else is told stands above it."""

    def __init__(self, explain: bool) -> None:
        super().__init__(explain)
        self._bar: Any = None

    def begins(self, total: int, due: Why) -> None:
        super().begins(total, due)
        if due:
            from tqdm import tqdm

            # Its monitor would be a thread that outlives the bar.
            tqdm.monitor_interval = 0
            self._bar = tqdm(total=len(due), unit="brief", dynamic_ncols=True, file=sys.stderr)

    def ended(self, count: int, outcome: Done | Failed, seconds: float) -> None:
        if isinstance(outcome, Failed):
            self.says(f"{outcome.job.file}: failed")
        self._bar.update()
        if count == self._due:
            self._close()

    def says(self, text: str) -> None:
        if self._bar:
            self._bar.write(text, file=sys.stderr)
        else:
            super().says(text)

    def fails(self, text: str) -> None:
        self._close()
        super().fails(text)

    def _close(self) -> None:
        if self._bar:
            self._bar.close()
            self._bar = None


class Objects:
    """A JSON object a line, each with its event: waits, begin, brief, note, error, end."""

    def __init__(self) -> None:
        self._why: Why = {}
        self._begun = time.monotonic()

    def waits(self, process: str) -> None:
        self._tell("waits", process=process)

    def begins(self, total: int, due: Why) -> None:
        self._why = due
        self._tell("begin", total=total, due=len(due), up_to_date=total - len(due))

    def ended(self, count: int, outcome: Done | Failed, seconds: float) -> None:
        file = outcome.job.file
        told: dict[str, Any] = {
            "file": file,
            "outcome": _outcome(outcome),
            "seconds": round(seconds, 3),
            "count": count,
            "total": len(self._why),
            "why": list(self._why[file]),
        }
        if isinstance(outcome, Failed):
            told |= {"cell": outcome.cell, "error": outcome.error, "message": outcome.message}
        self._tell("brief", **told)

    def says(self, text: str) -> None:
        self._tell("note", message=text)

    def fails(self, text: str) -> None:
        self._tell("error", message=text)

    def ends(self, result: Result, out: Path) -> None:
        self._tell(
            "end",
            done=len(result.done),
            made=result.made,
            failed=len(result.failed),
            left=list(result.left),
            altered=[str(path) for path in result.altered],
            seconds=round(time.monotonic() - self._begun, 3),
        )

    def _tell(self, event: str, **more: Any) -> None:
        _write(json.dumps({"event": event, **more}, ensure_ascii=False))


def _write(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _outcome(outcome: Done | Failed) -> str:
    return "failed" if isinstance(outcome, Failed) else "done"


def _process(process: str) -> str:
    return f"process {process}" if process else "another process"
