"""What the name of a file may not be: names that fail, or mean something else, on some machine or in some program."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigpoint import limits
from trigpoint.files.file_names import folder_fault, folders_fault, name_fault, path_problems


@pytest.mark.parametrize(
    "name", ["aux", "CON", "conin$", "CONOUT$", "Nul", "prn", "com1", "LPT1", "com9", "lpt9", "com\u00b9"]
)
def test_names_of_devices_are_rejected_on_every_system(name):
    for ending in ("", ".svg", ".tar.svg", " .svg"):
        assert "Windows reserves" in name_fault(name + ending)[0]
    assert name_fault(f"{name}x.svg") is None
    assert name_fault("com0.svg") is None


def test_names_are_measured_in_bytes():
    assert name_fault("x" * limits.NAME_BYTES) is None
    assert "256 bytes" in name_fault("x" * (limits.NAME_BYTES + 1))[0]


def test_bytes_that_are_no_text_are_rejected():
    assert "a character" in name_fault("a\udcff.svg")[0]
    assert name_fault("\udcc3\udca4.svg") is None  # an a with two dots, as a process without a language reads it


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("-rf x.svg", "a name that begins with '-' is taken for an option"),
        ("--out.svg", "a name that begins with '-' is taken for an option"),
        ("~", "a name that begins with '~' is taken for the home folder"),
        ("~root.svg", "a name that begins with '~' is taken for the home folder"),
        (".trigpoint.lock", "this is a name that a run keeps to itself"),
        (".TrigPoint.journal", "this is a name that a run keeps to itself"),
    ],
)
def test_names_that_mean_something_to_a_program(name: str, said: str) -> None:
    assert name_fault(name) == (said, name_fault(name)[1])
    assert name_fault(f"x{name}") is None


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        ("~", "taken for the home folder"),
        ("a/~b", "taken for the home folder"),
        ("-rf x", "taken for an option"),
        (".ssh", "hidden"),
        ("a/.git/hooks", "hidden"),
        (".trigpoint.lock", "a run keeps to itself"),
        ("a/", "a part of the name is empty"),
        ("...", "a part of the name is empty"),
        ("a ", "cannot end in a dot or a blank"),
        ("a./b", "cannot end in a dot or a blank"),
        ("a\nb", "a character"),
        ("a\x1b[2Jb", "a character"),
        ("/".join("a" * (limits.DEPTH + 1)), "limits.DEPTH"),
    ],
)
def test_folders_that_surprise(folders: str, said: str) -> None:
    assert said in folders_fault(folders.split("/"))[0]


def test_ordinary_folders_are_taken() -> None:
    assert folders_fault(["2024-05", "a.b", "a-b~", "Fälle (neu)"]) is None


@pytest.mark.parametrize("path", ["~", "~/figures", "~root/figures"])
def test_a_home_folder_that_no_shell_has_put_in_is_refused(path: str, tmp_path: Path) -> None:
    assert "is not replaced by a home folder" in folder_fault(Path(path))[0]
    assert folder_fault(tmp_path / path) is None
    (problem,) = path_problems([Path(path, "a.svg")])
    assert "is not replaced by a home folder" in problem.what
