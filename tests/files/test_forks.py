"""A process that is forked while other threads draw can draw, too. Nothing here waits for a time to pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import trigpoint
from tests.support.command import SmallFiles, environment, small_files

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

STUCK = 600  # seconds after which a child that should have ended at once is stuck

HELD = """\
import os, threading
from trigpoint.files import forks

lock, held, forking, done = forks.lock(), threading.Event(), threading.Event(), []

def hold():
    with lock:
        held.set()
        forking.wait()
        done.append(True)

os.register_at_fork(before=forking.set)  # hooks run from the last to the first
threading.Thread(target=hold).start()
held.wait()
child = os.fork()
if child == 0:
    os._exit(0 if lock.acquire(blocking=False) and done else 1)
assert os.waitpid(child, 0)[1] == 0
with lock:  # free here, too
    child = os.fork()  # by the thread that holds it
    if child == 0:
        os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert lock.acquire(blocking=False)
print("free")
"""

WORKED_OUT = """\
import os, sys, threading
import trigpoint
from trigpoint.diagram import diagram

atlas = trigpoint.load_atlas(*sys.argv[1:])
begun, over, compose = threading.Event(), threading.Event(), diagram.compose

def composed(*given):
    if threading.current_thread() is not threading.main_thread():
        begun.set()
        over.wait()
    return compose(*given)

diagram.compose = composed
thread = threading.Thread(target=diagram.Diagram("hip", atlas=atlas).scene)
thread.start()
begun.wait()
child = os.fork()
if child == 0:
    diagram.Diagram("calf", atlas=atlas).to_bytes("svg")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
over.set()
thread.join()
print("free")
"""

DRAWING = """\
import itertools, os, sys, threading
import trigpoint

atlas = trigpoint.load_atlas(*sys.argv[1:])
kinds, over, drawn = ("pdf", "svg", "pdf", "png", "eps"), threading.Event(), threading.Semaphore(0)

def draw(number, kind):
    trigpoint.Diagram("hip", title=f"Plate {number}", atlas=atlas).to_bytes(kind, dpi=30)

def loop(first):
    for number in itertools.count(first, 4):
        draw(number, kinds[number % len(kinds)])
        drawn.release()
        if over.is_set():
            return

for kind in kinds:
    draw(0, kind)  # what is loaded once, is
threads = [threading.Thread(target=loop, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for trial in range(8):
    for _ in range(4):
        drawn.acquire()
    child = os.fork()
    if child == 0:
        for kind in kinds:
            draw(-trial, kind)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
over.set()
for thread in threads:
    thread.join()
print("free")
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallFiles:
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize("script", [HELD, WORKED_OUT, DRAWING], ids=["held", "worked out", "drawing"])
def test_a_child_that_is_forked_while_others_draw_can_draw(script: str, small: SmallFiles, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", script, str(small.patterns), str(small.outlines)]
    pipes = {"capture_output": True, "encoding": "utf-8", "check": False, "timeout": STUCK}
    run = subprocess.run(command, cwd=tmp_path, env=environment(), **pipes)  # type: ignore[call-overload]
    assert (run.stdout, run.stderr) == ("free\n", "")


def test_every_lock_is_one_that_a_fork_leaves_free() -> None:
    package = Path(trigpoint.__file__).parent
    made = re.compile(r"\b(?:R?Lock|Condition|Semaphore|Barrier)\(")
    files = {file.relative_to(package).as_posix() for file in package.rglob("*.py") if made.search(file.read_text())}
    assert files == {"files/forks.py"}
