"""The command `trigpoint`: one run from its arguments to its exit code.

Exit codes: 0 done; 1 some figures failed, the rest is written; 2 input rejected, nothing written; 3 the machine
refused (disk, permission); 4 a bug; 129, 130 and 143 interrupted; 141 stdout was closed. Each command
is the function `run` of its module, which is imported only when it is called, so that `--help` answers at once.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
import time
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from .. import limits
from ..errors import OutputError, Problem, TrigpointError
from . import console
from .arguments import SHORT_HELP, parse

SIGPIPE_EXIT = 141
NO_SAY = ("MPLBACKEND", "SOURCE_DATE_EPOCH")  # would change no byte, and a value that matplotlib rejects ends the run
SOON = 0.02  # seconds until a signal that came at the wrong moment comes again
SAME_WISH = 2.0  # seconds in which a further signal asks for nothing more: a terminal that closes sends several


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived: unwind, so that temporary files are removed and the report is complete."""

    def __init__(self, number: int = signal.SIGTERM) -> None:
        super().__init__()
        self.number = number


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. Without `argv`, the process is taken to be the command's own."""
    words = [*(sys.argv[1:] if argv is None else argv)]  # `list` is a command here
    if argv is None:
        gc.disable()  # a tenth of a short run would go into looking for garbage that is not there
        atexit.register(_leave_all)
        os.environ.update({**dict.fromkeys(limits.ONE_THREAD, "1"), **os.environ})  # before numpy is loaded
        for name in NO_SAY:
            os.environ.pop(name, None)
        os.environ["MATPLOTLIBRC"] = os.devnull  # no settings: see backends/mpl_loading
    console.prepare()
    try:
        with _signals_raise(to_the_end=argv is None), console.plain_warnings():
            code = _run(words)
            console.flush()
            return code
    except BrokenPipeError:
        console.hush()
        return SIGPIPE_EXIT
    except (Exception, KeyboardInterrupt, Terminated) as error:
        if "--debug" in words:
            from traceback import print_exc

            print_exc()
        console.hush_if_broken()
        known, code = _explained(error)
        console.complain(known, json="--json" in words)
        return code


def _leave_all() -> None:
    """Let what the run has made go with the process, all at once: to take it apart costs a hundredth of a short run."""
    package = __package__.partition(".")[0]
    modules = [module for name, module in [*sys.modules.items()] if name.partition(".")[0] == package]
    made: list[object] = [[*getattr(module, "__dict__", {}).values()] for module in modules]
    made.append(made)  # it holds itself, so that it is never freed
    gc.freeze()


def _explained(error: BaseException) -> tuple[TrigpointError, int]:
    """What to tell a person about an error, and the exit code."""
    match error:
        case KeyboardInterrupt():
            return TrigpointError("interrupted"), 128 + signal.SIGINT
        case Terminated():
            return TrigpointError("terminated"), 128 + error.number
        case TrigpointError():
            return error, error.exit_code
        case OSError():
            where = str(error.filename) if error.filename else "output"
            problem = Problem(error.strerror or str(error), file=where, hint="check space and permissions")
            return OutputError(problem), OutputError.exit_code
        case ModuleNotFoundError() if error.name and error.name.partition(".")[0] != __package__.partition(".")[0]:
            what = f"trigpoint is not completely installed: it needs {error.name.partition('.')[0]}"
            hint = "install it with what it needs: 'pip install trigpoint', or 'pip install .' in its source folder"
            return OutputError(Problem(what, hint=hint)), OutputError.exit_code
    what = f"internal error: {type(error).__name__}: {error}"
    bug = TrigpointError(Problem(what, hint="run it again with --debug and report what it prints"))
    return bug, TrigpointError.exit_code


def _run(words: list[str]) -> int:
    if not words:
        console.note(SHORT_HELP)
        return 2
    try:
        arguments = parse(words)
    except SystemExit:  # how argparse ends --help and --version
        return 0
    if arguments.command == "render":
        # First what is large: many imports deep, CPython maps and unmaps memory at nearly every call of its start.
        import shapely  # noqa: F401
    command = import_module(f".{arguments.command}", __package__)
    code: int = command.run(arguments)
    return code


@contextmanager
def _signals_raise(*, to_the_end: bool) -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP unwind like Ctrl-C, once, and are not lost where Python ignores what is raised.

    Nor do they come in the middle of an import, which may make another error of them. Only the main thread may say so.
    `to_the_end` leaves it so afterwards, too: the process has nothing else to do.
    """
    came = raised = float("-inf")

    def handler(number: int, frame: types.FrameType | None) -> None:
        nonlocal came, raised
        now = time.monotonic()
        came = now if now - came > 2 * SAME_WISH else came
        if now - came < SAME_WISH and _imports(frame):
            _send_again(number)
        elif now - raised > SAME_WISH:
            raised = now
            raise KeyboardInterrupt if number == signal.SIGINT else Terminated(number)

    def ignored(unraisable: sys.UnraisableHookArgs) -> None:
        nonlocal raised
        error = unraisable.exc_value
        if isinstance(error, KeyboardInterrupt | Terminated):
            raised = float("-inf")
            _send_again(error.number if isinstance(error, Terminated) else signal.SIGINT)
        else:
            hook(unraisable)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = (signal.default_int_handler, signal.SIG_DFL)  # a run in the background ignores SIGINT, `nohup` SIGHUP
    named = (getattr(signal, name, None) for name in ("SIGTERM", "SIGINT", "SIGHUP"))
    numbers = [each for each in named if each and (each == signal.SIGTERM or signal.getsignal(each) in usual)]
    before = {number: signal.signal(number, handler) for number in numbers}
    hook, sys.unraisablehook = sys.unraisablehook, ignored
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number, former in () if to_the_end else before.items():
            signal.signal(number, former)


def _imports(frame: types.FrameType | None) -> bool:
    """Whether an import is going on there."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _send_again(number: int) -> None:
    threading.Timer(SOON, os.kill, (os.getpid(), number)).start()
