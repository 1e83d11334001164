"""Templates: a fixed list of names between braces, and nothing else that `str.format` would do."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trigpoint.batch.manifest.templates import parse, unknown_names
from trigpoint.errors import InputError

WORDS = {"side": "left", "patient": "{side}"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("a.svg", "a.svg"),
        ("{side}", "left"),
        ("{ side }", "left"),
        ("{side}{side}-x", "leftleft-x"),
        ("{{side}}", "{side}"),
        ("{{{side}}}", "{left}"),
        ("{{}}", "{}"),
        ("{patient}", "{side}"),  # what is filled in is not a template again
        ("", ""),
        ("plain", "plain"),
        ("a{{b", "a{b"),
        ("%s %(side)s $side", "%s %(side)s $side"),
    ],
)
def test_what_is_filled_in(text, filled):
    assert parse(text).filled(WORDS.__getitem__) == filled


@pytest.mark.parametrize("text", ["{", "}", "a{side", "side}", "{si{de}", "{{side}", "{side}}", "{{{", "}{"])
def test_a_brace_without_a_partner_is_named(text):
    with pytest.raises(InputError, match=r"brace at character \d+ has no partner \(hint: write [{}]{2} for"):
        parse(text)


@pytest.mark.parametrize(
    "name", ["side.__class__", "side!r", "side:>9", "0", "", "side[0]", "SIDE", "__import__('os')", "a" * 5000]
)
def test_a_name_and_nothing_more(name):
    (problem,) = unknown_names(parse(f"{{{name}}}"), WORDS)
    assert problem.what.startswith("unknown placeholder '{")
    assert len(problem.what) < 120


def test_a_slip_in_a_placeholder_is_understood():
    (problem,) = unknown_names(parse("{pateint}-{side}-{pateint}"), WORDS)
    assert problem.hint == "did you mean 'patient'?"


@given(st.text(max_size=60))
def test_any_text_comes_through_escaped(text):
    escaped = text.replace("{", "{{").replace("}", "}}")
    assert parse(escaped).filled(WORDS.__getitem__) == text


@given(st.lists(st.tuples(st.sampled_from(["side", "patient"]), st.text(alphabet="ab{}-", max_size=5)), max_size=6))
def test_parts_come_out_in_their_order(parts):
    text = "".join("{" + name + "}" + rest.replace("{", "{{").replace("}", "}}") for name, rest in parts)
    assert parse(text).names == tuple(name for name, _ in parts)
    assert parse(text).filled(WORDS.__getitem__) == "".join(WORDS[name] + rest for name, rest in parts)


SOUND = re.compile(r"([^{}]|\{\{|\}\}|\{[^{}]*\})*")


@example("{a}}}")
@example("{{a}")
@given(st.text(alphabet="{}ab", max_size=12))
def test_a_text_is_sound_or_an_input_error(text):
    if SOUND.fullmatch(text):
        names = parse(text).names
        assert parse(text).filled(lambda name: f"<{name}>").count("<") == len(names)
    else:
        with pytest.raises(InputError, match="has no partner"):
            parse(text)


def test_a_template_knows_its_names():
    template = parse("{side}/a-{patient}.svg")
    assert template.names == ("side", "patient")
    assert parse("plain}}").names == ()
    assert hash(template) == hash(parse("{side}/a-{patient}.svg"))
    with pytest.raises(FrozenInstanceError):
        template.parts = ()


@pytest.mark.parametrize(("text", "place"), [("{", 1), ("ab}", 3), ("{{}}a{side", 6)])
def test_the_place_of_a_brace_is_counted_from_one(text, place):
    with pytest.raises(InputError, match=f"the brace at character {place} has no partner"):
        parse(text)


def test_a_long_name_is_shown_in_part():
    (problem,) = unknown_names(parse("{" + "a" * 81 + "}"), WORDS)
    assert problem.what == "unknown placeholder '{" + "a" * 80 + "}'"
    assert problem.hint
    (problem,) = unknown_names(parse("{sid}"), WORDS, hints=False)
    assert problem.hint == ""
