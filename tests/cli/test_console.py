"""What the command prints and where: terminals, bars, closed and full outputs."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import shlex
import struct
import subprocess
import sys
import termios
import warnings
from pathlib import Path

import pytest

from tests.support.command import environment, files, trigpoint
from trigpoint.cli import console, main


def test_a_message_stands_above_the_bar(monkeypatch, capsys):
    with console.progress(3) as tick:
        tick()
        console.note("a message")
    assert "a message" in capsys.readouterr().err.replace("\r", "\n").split("\n")


def test_without_stderr_stdout_holds_nothing_but_data(here, small):
    words = ["render", "hip", "--preset", "elsevier-single", "--format", "svg", "-o", "-", *small.options]
    script = f"exec {shlex.join([sys.executable, '-m', 'trigpoint', *words])} 2>&-"
    run = subprocess.run(script, shell=True, cwd=here, env=environment(), capture_output=True, check=False)
    assert run.returncode == 0
    assert run.stdout.startswith(b"<svg ")
    assert run.stdout.endswith(b"</svg>\n")


@pytest.mark.parametrize("columns", ["9" * 5000, "0", "-3", "wide", "²"])
def test_silly_widths_of_a_terminal_do_no_harm(here, columns):
    run = trigpoint("render", "--help", cwd=here, env=environment(COLUMNS=columns))
    assert run.returncode == 0
    assert max(map(len, run.stdout.splitlines())) <= 80


def read_terminal(words: list[str], cwd: Path, *, stdout: object = None, env: dict[str, str] | None = None):
    """Run the command with a terminal as stderr (and stdout unless given); its exit code and what the terminal saw."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-m", "trigpoint", *words]
    process = subprocess.Popen(
        command, cwd=cwd, env=env or environment(), stderr=terminal, stdout=stdout or terminal, stdin=subprocess.DEVNULL
    )
    os.close(terminal)
    seen = b""
    while select.select([controller], [], [], 600)[0]:
        try:
            part = os.read(controller, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(controller)
    return process.wait(), seen.decode()


def test_no_binary_figure_on_a_terminal(here, small):
    code, seen = read_terminal(["render", "hip", "-o", "-", "--format", "png", *small.options], here)
    assert code == 2
    assert seen == "error: a terminal cannot show png (hint: redirect stdout, or name a file)\r\n"


def test_progress_is_shown_on_a_terminal_only(here, small):
    words = ["render", "--all", "--out", "b", *small.options]
    code, seen = read_terminal(words, here)
    assert code == 0
    assert "3/3" in seen
    assert "\x1b[" not in seen.replace("\x1b[A", "")
    for quiet in ("--quiet", "--json"):
        code, seen = read_terminal([*words, quiet], here, stdout=subprocess.DEVNULL)
        assert (code, seen) == (0, "")
    code, seen = read_terminal(["render", "hip", "--out", "b", *small.options], here)
    assert (code, seen) == (0, "b/hip.svg\r\n")


def test_paths_go_where_output_goes_while_the_bar_is_shown(here, small):
    with open(here / "paths", "wb") as paths:
        code, seen = read_terminal(["render", "--all", "--out", "b", *small.options], here, stdout=paths)
    assert code == 0
    assert "3/3" in seen
    assert (here / "paths").read_text() == "b/back.svg\nb/calf.svg\nb/hip.svg\n"


def test_a_reader_that_leaves_early_is_no_error(here, small):
    gone, pipe = os.pipe()
    os.close(gone)
    run = trigpoint("list", *small.options, cwd=here, stdout=pipe, stderr=subprocess.PIPE, capture_output=False)
    os.close(pipe)
    assert (run.returncode, run.stderr) == (141, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["list"], ["render", "hip", "-o", "-"], ["show", "hip", "--json"]])
def test_an_output_that_is_full(words, here, small):
    with open("/dev/full", "wb") as full:
        run = trigpoint(*words, *small.options, cwd=here, stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert run.returncode == 3
    assert run.stderr == "error: output: No space left on device (hint: check space and permissions)\n"


def test_a_closed_output(here, small):
    script = 'exec "$@" >&-'
    command = ["sh", "-c", script, "sh", sys.executable, "-m", "trigpoint", "render", "hip", "-o", "-", *small.options]
    run = subprocess.run(command, cwd=here, env=environment(), stderr=subprocess.PIPE, encoding="utf-8", check=False)
    assert (run.returncode, run.stderr) == (3, "error: standard output is closed (hint: give a file name to -o)\n")


def test_a_terminal_of_ascii_only(here, small):
    plain = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    run = trigpoint("render", "hip", "-o", "图.svg", *small.options, cwd=here, env=plain)
    assert run.returncode == 0
    assert files(here) == ["图.svg"]
    usual = trigpoint("render", "hip", "-o", "b.svg", *small.options, cwd=here)
    assert usual.returncode == 0
    assert (here / "b.svg").read_bytes() == (here / "图.svg").read_bytes()


def test_no_standard_output_at_all(here, small, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["list", *small.options]) == 0
    assert main(["render", "hip", "-o", "-", *small.options]) == 3
    assert capsys.readouterr().err == "error: standard output is closed (hint: give a file name to -o)\n"


def test_a_warning_is_one_line(here, small, capsys):
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("always")
        patch.setattr("trigpoint.cli.list.load_atlas", lambda **more: warnings.warn("odd\x1b", stacklevel=1))
        assert main(["list"]) == 4
    assert capsys.readouterr().err.startswith("warning: odd\\x1b\nerror: internal error: AttributeError")


def test_a_bar_is_drawn_for_several_figures(here, small, capsys, monkeypatch):
    monkeypatch.setattr("trigpoint.cli.console.is_terminal", lambda stream: stream is sys.stderr)
    assert main(["render", "hip", "calf", "--out", "b", *small.options]) == 0
    out, err = capsys.readouterr()
    assert out == "b/hip.svg\nb/calf.svg\n"
    assert "2/2" in err


@pytest.mark.parametrize("words", [["--dry-run"], [], ["--no-clobber"]])
def test_a_terminal_is_not_sent_the_control_characters_of_a_folder(here, small, capsys, monkeypatch, words):
    """A program gets the path as it is; a person sees it in one line, without moving the cursor."""
    folder = "a\x1b[2J\nb\u202e"
    command = ["render", "hip", "--out", folder, *small.options, *words]
    assert main(command) == 0
    assert capsys.readouterr().out == f"{folder}/hip.svg\n"
    monkeypatch.setattr("trigpoint.cli.console.is_terminal", lambda stream: stream is sys.stdout)
    assert main(command) == 0
    told = "".join(capsys.readouterr())
    assert "a\\x1b[2J\\nb\\u202e/hip.svg" in told
    assert all(line.isprintable() for line in told.splitlines())
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["output"] == f"{folder}/hip.svg"


def test_a_terminal_is_not_sent_a_picture_it_cannot_show(here, small, capsys, monkeypatch):
    monkeypatch.setattr("trigpoint.cli.console.is_terminal", lambda stream: True)
    assert main(["render", "hip", "-o", "-", "--format", "png", *small.options]) == 2
    assert capsys.readouterr().err.startswith("error: a terminal cannot show png")
    assert main(["render", "hip", "-o", "-", *small.options]) == 0
