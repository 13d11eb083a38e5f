"""A kernel in this very process: a notebook's cells run here, and what they show goes through nbclient as ever.

Both ends are the stock ones, ipykernel's application and shell and nbclient's handling of messages; left out is what
lies between them: ports, sockets, and the threads that serve them. So outputs are those of a kernel in a process of its
own. It is meant for a process that runs one notebook and ends (`forks`): it replaces the standard streams, changes the
environment as a kernel does, and is never taken down.
"""

from __future__ import annotations

import asyncio
import os
import select
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

import nbclient.client
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.log import logger
from traitlets import Any as AnyTrait
from traitlets import List
from traitlets.config import Config

from ecobrief.publish.fork_server import time_limit

NUMBERS = {"stdout": 1, "stderr": 2}
# What a message holds that becomes an output, by its kind.
OUTPUTS = {
    "stream": ("name", "text"),
    "display_data": ("metadata", "data"),
    "execute_result": ("metadata", "data", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}
# What a message says to nbclient alone; all else was made by a notebook, and changes on its way (a tuple to a list).
OWN = ("status", "execute_input", "execute_reply", "kernel_info_reply")


class LocalSession(Session):
    """Hands a message to `deliver` instead of sending it, packed and unpacked as on its way through a socket."""

    deliver = AnyTrait()

    def send(
        self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, *args: Any, **more: Any
    ) -> Any:
        if isinstance(msg_or_type, dict):
            message = msg_or_type
        else:
            message = self.msg(msg_or_type, content, parent, more.get("header"), more.get("metadata"))
        if os.getpid() != self.pid:
            # A child that the notebook forked: what it prints goes through the file descriptor that is watched.
            if message["msg_type"] == "stream":
                os.write(NUMBERS[message["content"]["name"]], message["content"]["text"].encode())
            return message
        buffers = more.get("buffers") or message.get("buffers") or []
        content = message["content"]
        if message["msg_type"] not in OWN:
            content = self.unpack(self.pack(content))
        self.deliver({**message, "content": content, "buffers": [memoryview(buffer) for buffer in buffers]})
        return message


class NoThread(IOPubThread):
    """Stands where ipykernel expects the thread that sends: what that would do is done at once."""

    thread: Any
    background_socket: Any
    io_loop: Any

    def __init__(self, session: Session) -> None:
        self.session = session
        self.thread = None
        self.background_socket = None
        # Streams are flushed before each display and after each cell; a timer would only split what they say.
        self.io_loop = SimpleNamespace(call_later=lambda seconds, flush: None)

    def schedule(self, f: Any) -> None:
        f()


class WatchedStream(OutStream):
    """A stream that also takes what child processes, and libraries below Python, write to its file descriptor."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{**more, "watchfd": "force"})

    def _setup_stream_redirects(self, name: str) -> None:
        number = self._original_stdstream_fd = NUMBERS[name]
        self._original_stdstream_copy = os.dup(number)
        self._pipe, end = os.pipe()
        os.set_blocking(self._pipe, False)
        os.dup2(end, number)
        os.close(end)
        self._taking = threading.Lock()
        threading.Thread(target=self._watch, daemon=True, name=f"watch-{name}").start()

    def _watch(self) -> None:
        while True:
            select.select([self._pipe], [], [])
            self.take()

    def take(self) -> None:
        """Put what lies in the pipe into the stream."""
        with self._taking:
            try:
                while found := os.read(self._pipe, 65536):
                    self.write(found.decode(errors="replace"))
            except BlockingIOError:
                return

    def flush(self) -> None:
        # Of a child that has ended everything lies in the pipe, even if the thread has not come round to it.
        if self._is_master_process():
            self.take()
        super().flush()


class LoneKernel(IPythonKernel):
    """ipykernel's kernel, for one who asks one thing after the other: no debugger is attached, no request waits."""

    debugger_class = AnyTrait(lambda *args: None)

    def _abort_queues(self, subshell_id: str | None = None) -> None: ...


class LocalKernelApp(IPKernelApp):
    """ipykernel's application, with all its steps but those that connect it to others."""

    outstream_class = f"{__name__}.WatchedStream"

    def parse_command_line(self, argv: Any = None) -> None: ...

    def init_connection_file(self) -> None: ...

    def init_heartbeat(self) -> None: ...

    def write_connection_file(self, **kwargs: Any) -> None: ...

    def log_connection_info(self) -> None: ...

    def init_poller(self) -> None: ...

    def init_signal(self) -> None: ...

    def init_sockets(self) -> None:
        self.configure_tornado_logger()
        self.iopub_thread = NoThread(self.session)

    def init_kernel(self) -> None:
        self.kernel = LoneKernel.instance(
            parent=self,
            session=self.session,
            iopub_thread=self.iopub_thread,
            shell_channel_thread=SimpleNamespace(parent_thread=None),
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


class Channel:
    """Messages for nbclient, in the order in which they came; it asks for no more of them than there are."""

    def __init__(self) -> None:
        self._messages: deque[dict[str, Any]] = deque()
        self.put = self._messages.append

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        return self._messages.popleft()


class LocalKernel:
    """The kernel as nbclient sees it: what it asks of a connection to a kernel, answered here."""

    def __init__(self, shown: Sequence[str] = ()) -> None:
        """shown: of the MIME types that IPython asks an object for one by one, those that are wanted; all if there are none."""
        self.iopub_channel = Channel()
        self.shell_channel = Channel()
        session = LocalSession(deliver=self._deliver)
        self._message = session.msg
        # No history is kept, so no file is opened and no thread started for it.
        config = Config(HistoryManager={"enabled": False})
        self._app = LocalKernelApp.instance(session=session, config=config, log_level="ERROR")
        self._app.initialize([])
        self._kernel = self._app.kernel
        self._transform_cell = self._kernel.shell.transform_cell
        if shown:
            formatter = self._kernel.shell.display_formatter
            formatter.format = partial(formatter.format, exclude={*formatter.formatters} - {*shown})
        self._kernel._execute_sleep = 0.0
        self._context = copy_context()

    def _deliver(self, message: dict[str, Any]) -> None:
        channel = self.shell_channel if message["msg_type"].endswith("_reply") else self.iopub_channel
        channel.put(message)

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Run the code; when this returns, all messages about it have come."""
        content = {
            "code": code,
            "silent": False,
            "store_history": store_history,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        request = self._message("execute_request", content)
        # In one context, so that what a cell sets there is there in the next.
        await asyncio.get_running_loop().create_task(self._execute(request), context=self._context)
        return request["header"]["msg_id"]

    async def _execute(self, request: dict[str, Any]) -> None:
        """What ipykernel does with a request, without its way there."""
        kernel = self._kernel
        kernel.set_parent([], request, channel="shell")
        kernel._publish_status("busy", "shell")
        # ipykernel asks for it to see whether the cell awaits, and its shell once more to run it.
        kernel.shell.transform_cell = lru_cache(maxsize=1)(self._transform_cell)
        await kernel.execute_request(None, [], request)
        sys.stdout.flush()
        sys.stderr.flush()
        kernel._publish_status("idle", "shell")

    def kernel_info(self) -> str:
        request = self._message("kernel_info_request")
        reply = self._message("kernel_info_reply", self._kernel.kernel_info, request)
        self.shell_channel.put(reply)
        return request["header"]["msg_id"]

    def is_alive(self) -> bool:
        return True


class LocalClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """papermill's client, with the kernel in this process; a cell's `timeout` holds by a signal, as nothing else could."""

    shown: Any = List(
        help="of the MIME types that IPython asks an object for one by one, those that are wanted"
    )

    @contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        self.kc = LocalKernel(self.shown)
        # What ipykernel sends is of nbformat's shape, so it is not held against the schema, output by output.
        nbclient.client.output_from_msg = output_from_message  # type: ignore[attr-defined]
        yield

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        with time_limit(self._get_timeout(cell), "a cell"):
            return super().execute_cell(cell, cell_index, *args, **kwargs)


def output_from_message(message: dict[str, Any]) -> NotebookNode:
    """As nbformat's `output_from_msg`; what an output holds is left as it is.

    Raises:
        ValueError: the message is no output.
    """
    kind, content = message["header"]["msg_type"], message["content"]
    if kind not in OUTPUTS:
        raise ValueError(f"{kind} is no output.")
    return NotebookNode({"output_type": kind, **{name: content[name] for name in OUTPUTS[kind]}})


def execute_cells(manager: Any, **options: Any) -> None:
    """Run the cells of a notebook in this process, which should run no other; an error becomes an output.

    manager: what papermill's client tells of its cells (`nb`, `cell_start`, `cell_exception`, `cell_complete`)
    options: as papermill's own engine takes them, and traits of `LocalClient`
    """
    traits = {name: value for name, value in options.items() if LocalClient.class_traits().get(name)}
    if timeout := options.get("execution_timeout"):
        traits["timeout"] = timeout
    LocalClient(manager, log=logger, **traits).execute()
