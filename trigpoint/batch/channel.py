"""Values through a pipe, one after the other: its length, then the value.

Both ends are this program, one the parent of the other, so that the values may be pickled. What else is started in the
child may print before it comes to itself; so what the parent reads begins with a greeting.
"""

from __future__ import annotations

import pickle
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct("!Q")
_GREETING = b"\0trigpoint is listening\0"


def greet(pipe: BinaryIO) -> None:
    """Tell the other end that values follow; OSError where nobody reads any more."""
    pipe.write(_GREETING)
    pipe.flush()


def await_greeting(pipe: BinaryIO) -> None:
    """Pass over what stands before the greeting; EOFError where none comes."""
    seen = b""
    while seen != _GREETING:
        seen = (seen + _exactly(pipe, 1))[-len(_GREETING) :]


def send(pipe: BinaryIO, value: Any) -> None:
    """Send one value; OSError where nobody reads any more."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """The next value; EOFError where the other end is gone, even in the middle of a value."""
    return pickle.loads(_exactly(pipe, _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]))


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
