"""What the tests of forks run in one: functions that a fork can import."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

STATE: list[str] = []


def leave_a_trace(name: str) -> list[str]:
    STATE.append(name)
    os.environ["ECOBRIEF_TRACE"] = name
    os.chdir("/")
    return STATE


def traces() -> tuple[list[str], str | None, str]:
    return STATE, os.environ.get("ECOBRIEF_TRACE"), str(Path.cwd())


def fail(words: str) -> None:
    raise ValueError(words)


def give_what_cannot_be_sent() -> object:
    return threading.Lock()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def sleep_whatever_happens() -> None:
    while True:
        try:
            time.sleep(60)
        except BaseException:
            continue


def allocate(mb: int) -> int:
    return len(bytearray(mb * 2**20))


def let_children_allocate(mb: int, children: int) -> None:
    program = f"hold = bytearray({mb} * 2**20); import time; time.sleep(60)"
    for child in [subprocess.Popen([sys.executable, "-c", program]) for _ in range(children)]:
        child.wait()


def start_others(mark: Path) -> None:
    """Three processes that would sleep for long: a child, one in a session of its own, one whose parent has ended."""
    sleep_long = [sys.executable, "-c", f"import time; '{mark}'; time.sleep(600)"]
    subprocess.Popen(sleep_long)
    subprocess.Popen(sleep_long, start_new_session=True)
    subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -c "import time; \'{mark}\'; time.sleep(600)" &'], check=True
    )
    time.sleep(0.3)


def start_others_and_sleep(mark: Path) -> None:
    start_others(mark)
    mark.touch()
    time.sleep(600)


def random_numbers() -> tuple[float, float]:
    import random

    import numpy

    return random.random(), float(numpy.random.random())


def start_a_thread() -> str:
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return "warm"


def threads_beside() -> int:
    return len(list(Path("/proc/self/task").iterdir())) - 1


def remember(name: str) -> str:
    STATE.append(name)
    return f"remembered {name}"


def known(module: str) -> bool:
    return module in sys.modules
