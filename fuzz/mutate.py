"""Inputs made from inputs: bytes and tokens exchanged, repeated and cut, values of JSON put where others stood.

One function makes one input from another, with a generator of random numbers that is handed in, so that a run can be
made again. A coverage-guided fuzzer and the plain loop use the same one. Nothing is read or judged here.
"""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import Any

TOKEN = re.compile(rb"[A-Za-z_]+|-?[0-9.]+|\s+|.", re.DOTALL)
NASTY = (
    *(0, -1, 1, 1e-9, 0.05, 4_999.96, 5_001, 10**15, 10**400, -0.0, float("nan"), float("inf"), True, False, None, ""),
    *("\x00", "\u202e", "\ud800", "x" * 300, "posterior", "essential", "gluteus_medius", "gluteus_medius.trp1", [], {}),
    *([[]], [[0, 0], [9, 9], [9, 0], [0, 9]], [[0, 0], [50, 0], [50, 50]], [0, 0], {"en": "x"}, {"": 1}, [None]),
)
Slot = tuple[Any, Any]  # a container and the key or index of one of its values


def mutate(data: bytes, words: tuple[str, ...], random: Random, limit: int, *, tree: bool) -> bytes:
    """Another input of at most `limit` bytes."""
    kind = data[:1] if data[:1].isalpha() else b""  # some readers are told by a letter what follows
    if tree and random.random() < 0.7:
        try:
            value = json.loads(data.removeprefix(kind))
        except (ValueError, RecursionError):
            pass
        else:
            for _ in range(random.choice((1, 1, 2, 4))):
                value = _exchanged(value, random, limit)
            made = json.dumps(value, ensure_ascii=random.random() < 0.5)
            return (kind + made.encode("utf-8", "surrogatepass"))[:limit]
    for _ in range(random.choice((1, 1, 2, 5))):
        data = _spliced(data, words, random)
    return data[:limit]


def _spliced(data: bytes, words: tuple[str, ...], random: Random) -> bytes:
    """Some tokens cut, repeated, moved, replaced or flipped."""
    tokens = TOKEN.findall(data)
    start = random.randrange(len(tokens) + 1)
    stop = min(len(tokens), start + random.choice((0, 1, 1, 2, 8, 40, 200)))
    part = tokens[start:stop]
    word = random.choice(words).encode("utf-8", "surrogatepass")
    match random.randrange(7):
        case 0:
            part = []
        case 1:
            part = part * random.choice((2, 3, 50))
        case 2:
            part = [word, *part]
        case 3:
            part = [word]
        case 4:
            place = random.randrange(len(tokens) + 1)
            part = tokens[place : place + len(part) + 1]
        case 5:
            part = [str(random.choice((0, 1, -1, 9, 1700, 5000.1, 0.04, 1e-7, random.uniform(-99, 1e4)))).encode()]
        case _:
            raw = bytearray(b"".join(part))
            if raw:
                raw[random.randrange(len(raw))] = random.randrange(256)
            part = [bytes(raw)]
    return b"".join([*tokens[:start], *part, *tokens[stop:]])


def _exchanged(value: Any, random: Random, limit: int) -> Any:
    """The JSON value with one of its parts replaced, deleted, repeated, renamed, swapped or wrapped."""
    slots = _slots(value)
    if not slots:
        return copy.deepcopy(random.choice(NASTY))
    holder, key = random.choice(slots)
    match random.randrange(8):
        case 0 | 1:
            holder[key] = copy.deepcopy(random.choice(NASTY))
        case 2:
            del holder[key]
        case 3 if isinstance(holder, list):
            more = random.choice((1, 2, 30, min(2_000, limit // 100)))
            holder[key:key] = [copy.deepcopy(holder[key]) for _ in range(more)]
        case 4 if isinstance(holder, dict):
            holder[str(key)[: random.randrange(len(str(key)) + 1)] + random.choice(("", "x", "/", "~"))] = (
                copy.deepcopy(holder[key])
            )
        case 5:
            other, place = random.choice(slots)
            holder[key] = copy.deepcopy(other[place])
        case 6 if isinstance(holder[key], int | float) and abs(holder[key]) < 1e300:
            holder[key] = random.choice((-1, 0.1, 10)) * holder[key] + random.choice((0, 1, 0.04, 600))
        case _:
            holder[key] = [holder[key]] if random.random() < 0.5 else {"en": holder[key]}
    return value


def _slots(value: Any) -> list[Slot]:
    """Every place of a value, up to a number that keeps a mutation quick."""
    found: list[Slot] = []
    waiting = [value]
    while waiting and len(found) < 20_000:
        holder = waiting.pop()
        if isinstance(holder, dict | list):
            keys = list(holder) if isinstance(holder, dict) else range(len(holder))
            found += [(holder, key) for key in keys]
            waiting += [holder[key] for key in keys]
    return found
