"""Executors that the command line can name: a dask scheduler, or the result of a function of the user.

Each is made, used and shut down within a `with`; the libraries behind them are imported only here.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from importlib import import_module
from multiprocessing import resource_tracker

from ...errors import InputError, OutputError, Problem
from .interpreter import require_interpreter
from .pool import kept_from

LOCAL = "local"
ANY_PORT = "127.0.0.1:0"  # the scheduler cannot do without a page of its own
CONNECT_SECONDS = 10


@contextmanager
def dask(address: str, processes: int) -> Iterator[Executor]:
    """The executor of a dask scheduler, `tcp://host:port`; "local" starts one with so many processes on this machine.

    InputError where dask is not installed or the address is none, OutputError where nobody answers or processes of this
    program cannot be started.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        hint = "pip install 'trigpoint[batch]'"
        raise InputError(Problem("--scheduler needs the package distributed", hint=hint)) from error
    with ExitStack() as stack:
        where = address
        if address == LOCAL:
            require_interpreter()
            wanted = {"n_workers": processes or None, "threads_per_worker": 1, "host": "127.0.0.1"}
            resource_tracker.ensure_running()  # to start it later would let the signal through again
            with kept_from("SIGINT"):  # it ends them by SIGTERM
                where = stack.enter_context(LocalCluster(**wanted, dashboard_address=ANY_PORT, silence_logs=50))
        try:
            client = stack.enter_context(Client(where, timeout=CONNECT_SECONDS, set_as_default=False))
        except ValueError as error:
            what = f"not the address of a scheduler: '{address}'"
            raise InputError(Problem(what, hint="such as tcp://127.0.0.1:8786, or local")) from error
        except OSError as error:
            what = f"no scheduler answers at {address} within {CONNECT_SECONDS} s"
            raise OutputError(Problem(what, hint="start one with 'dask scheduler'")) from error
        yield client.get_executor(pure=False)  # drawing leaves files: what was lost is to be done again, not looked up


@contextmanager
def made_by(factory: str) -> Iterator[Executor]:
    """The executor that a function makes, named `package.module:function`; InputError where there is none."""
    module, _, name = factory.partition(":")
    try:
        made = getattr(import_module(module), name)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        what = f"--executor {factory}: {type(error).__name__}: {error}"
        raise InputError(Problem(what, hint="name a function as package.module:function")) from error
    if not isinstance(made, Executor):
        what = f"--executor {factory} made no executor but a {type(made).__name__}"
        raise InputError(Problem(what, hint="return a concurrent.futures.Executor"))
    with made:
        yield made
