"""Job lists: their names, what is checked before the first figure, and one result for every file."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.command import environment, small_files
from trigpoint import limits, render_all
from trigpoint.atlas import load_atlas
from trigpoint.batch import Job, Settings, Target, check, dry, plan, results
from trigpoint.batch.workers import draw
from trigpoint.batch.workers.draw import failed
from trigpoint.diagram import Diagram
from trigpoint.errors import InputError, Problem
from trigpoint.files.file_names import path_problems


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return small_files(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def atlas(small):
    return load_atlas(patterns=small.patterns, outlines=small.outlines)


def one(path: Path, muscle: str = "hip", format: str = "svg", **options: object) -> Job:
    return Job((muscle,), (Target(path, format),), options)


def problems(jobs, atlas) -> list[str]:
    with pytest.raises(InputError) as caught:
        check(jobs, atlas=atlas)
    return [problem.line() for problem in caught.value.problems]


def test_one_file_by_two_ways_is_one_file(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    ways = [tmp_path / "real" / "a.svg", tmp_path / "real" / ".." / "real" / "a.svg", tmp_path / "link" / "a.svg"]
    assert [problem.what for problem in path_problems(ways)] == ["two figures have this file name"] * 2
    assert not list(path_problems([tmp_path / "real" / "a.svg", tmp_path / "a.svg"]))


def test_a_plan_names_one_file_per_muscle_and_format():
    jobs = plan(["calf", "hip"], "plates", ["svg", "pdf"], dpi=150, side="left")
    assert [target.path.as_posix() for job in jobs for target in job.targets] == [
        "plates/calf.svg",
        "plates/calf.pdf",
        "plates/hip.svg",
        "plates/hip.pdf",
    ]
    assert {(job.dpi, job.options["side"]) for job in jobs} == {(150, "left")}


def test_a_job_is_a_value():
    with pytest.raises(FrozenInstanceError):
        one(Path("a.svg")).muscles = ("calf",)
    assert plan(["hip"], "a", ["svg"], side="left") == plan(["hip"], "a", ["svg"], side="left")


BAD_NAMES = {
    "con.svg": "Windows reserves",
    "LPT9.tar.svg": "Windows reserves",
    "nul": "Windows reserves",
    "a\0b.svg": "a character",
    "a\x1b.svg": "a character",
    "a\u202eb.svg": "a character",
    "a?.svg": "a character",
    "a:b.svg": "a character",
    "a.svg.": "cannot end in a dot",
    "a.svg ": "cannot end in a dot",
    "ä" * (limits.NAME_BYTES // 2) + ".svg": "258 bytes in a file name, more than the limit of 255",
}


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_fail_somewhere_are_rejected(name, atlas, tmp_path):
    assert BAD_NAMES[name] in problems([one(tmp_path / name)], atlas)[0]


def test_a_folder_may_be_missing(atlas, tmp_path):
    check([one(tmp_path / "not" / "there" / "yet.svg")], atlas=atlas)


@given(st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=5, max_size=60))
def test_ordinary_names_are_accepted(atlas, tmp_path_factory, name):
    check([one(tmp_path_factory.getbasetemp() / f"{name}.svg")], atlas=atlas)


def test_names_that_meet_on_some_system_are_rejected(atlas, tmp_path):
    jobs = [one(tmp_path / name) for name in ("Hip.svg", "hip.svg", "caf\u00e9.svg", "cafe\u0301.svg", "hip.svg")]
    told = problems(jobs, atlas)
    assert len(told) == 3
    assert "too close to the name" in told[0]
    assert "too close to the name" in told[1]
    assert "two figures have this file name" in told[2]


def test_places_that_are_taken_are_rejected(atlas, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.svg").mkdir()
    jobs = [one(tmp_path / "file" / "a.svg"), one(tmp_path / "folder.svg"), one(tmp_path / ("x" * 300) / "a.svg")]
    first, second, third = problems(jobs, atlas)
    assert "is a file, not a folder" in first
    assert "this is a folder" in second
    assert third.endswith("a.svg: this path cannot be used: too long (hint: choose another folder)")


@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), OSError("Input/output error")])
def test_a_path_that_the_machine_cannot_look_at_is_rejected(error, atlas, tmp_path, monkeypatch):
    def is_dir(path):
        raise error

    monkeypatch.setattr(Path, "is_dir", is_dir)
    (line,) = problems([one(tmp_path / "a.svg")], atlas)
    assert "a.svg: this path cannot be used: Input/output error (hint: choose another folder)" in line


def test_figures_that_are_asked_for_alike_are_looked_at_once(atlas, tmp_path, monkeypatch):
    looked = []

    def look(*muscles, **options):
        looked.append(muscles)
        return Diagram(*muscles, **options)

    monkeypatch.setattr(import_module("trigpoint.batch.check"), "Diagram", look)
    check(
        [one(tmp_path / f"{number}.svg", muscle) for number, muscle in enumerate(("hip", "hip", "calf"))], atlas=atlas
    )
    assert looked == [("hip",), ("calf",)]


def test_a_mistake_in_every_job_is_told_once(atlas, tmp_path):
    jobs = plan(["calf", "hip"], tmp_path, ["svg"], side="rigth", theme="plat")
    assert problems(jobs, atlas) == [
        "unknown side 'rigth' (hint: did you mean 'right'?)",
        "unknown theme 'plat' (hint: did you mean 'plate'?)",
    ]


def test_a_mistake_says_where_the_job_was_written_down(atlas, tmp_path):
    job = Job(("hip",), (Target(tmp_path / "a.svg", "svg"),), {"side": "rigth"}, origin="figures.toml row 7")
    assert problems([job], atlas) == ["figures.toml row 7: unknown side 'rigth' (hint: did you mean 'right'?)"]


@pytest.mark.parametrize(
    ("options", "dpi", "wide"),
    [
        ({"width": 420}, 1200, 19843),
        ({"width": 420}, 500, 8268),
        ({}, 1200, 8268),  # 175 mm where nobody says
        ({"width": 300, "preset": "generic-single"}, 1000, 11811),
        ({"width": 420, "preset": "plos"}, None, 9921),  # which asks for 600 dpi
    ],
)
def test_a_page_too_wide_for_its_pixels_is_told_before_it_is_drawn(options, dpi, wide, atlas, tmp_path):
    """In words of the writer, which looks once more when the height is known, too."""
    jobs = plan(["hip", "calf"], tmp_path / "b", ["svg", "tiff"], dpi=dpi, **options)
    (line,) = problems(jobs, atlas)
    with pytest.raises(InputError) as caught:
        Diagram("hip", atlas=atlas, **options).to_bytes("tiff", dpi=dpi)
    assert line.startswith(f"a picture {wide} pixels wide is above")
    assert line.partition(" is ")[2] == str(caught.value).partition(" is ")[2]
    check(plan(["hip", "calf"], tmp_path / "b", ["svg", "pdf"], dpi=dpi, **options), atlas=atlas)  # which have none


def test_pictures_as_wide_as_they_may_be_are_not_refused(atlas, tmp_path):
    check(plan(["hip"], tmp_path, ["png"], dpi=1200, width=173.39), atlas=atlas)
    check(plan(["hip"], tmp_path, ["png"], width=420), atlas=atlas)  # at 300 dpi


def run(jobs, atlas, **settings):
    return results(tuple(jobs), atlas, Settings(**settings))


def test_a_run_gives_one_result_per_file(atlas, tmp_path):
    folder = tmp_path / "new" / "folder"
    found = list(run(plan(["calf", "hip"], folder, ["svg", "png"], dpi=72), atlas))
    assert [result.path.name for result in found] == ["calf.svg", "calf.png", "hip.svg", "hip.png"]
    for result in found:
        data = result.path.read_bytes()
        assert (result.status, result.error, result.exit_code) == ("written", "", 0)
        assert result.sha256 == hashlib.sha256(data).hexdigest()
        assert data == Diagram(result.input, atlas=atlas).to_bytes(result.path.suffix[1:], dpi=72)


def test_a_run_draws_only_what_is_taken(atlas, tmp_path):
    found = run(plan(["calf", "hip"], tmp_path, ["svg"]), atlas)
    assert next(found).path == tmp_path / "calf.svg"
    assert not (tmp_path / "hip.svg").exists()


def test_several_muscles_of_one_job_share_a_plate(atlas, tmp_path):
    job = Job(("calf", "hip"), (Target(tmp_path / "a.svg", "svg"),), {"layout": "grid", "views": ("posterior",)})
    assert [result.input for result in run([job], atlas)] == ["calf hip"]
    drawn = Diagram("calf", "hip", layout="grid", views="posterior", atlas=atlas)
    assert (tmp_path / "a.svg").read_bytes() == drawn.to_bytes("svg")


def test_equal_bytes_are_left_alone(atlas, tmp_path):
    jobs = [one(tmp_path / "a.svg")]
    assert [result.status for result in run(jobs, atlas)] == ["written"]
    os.utime(tmp_path / "a.svg", (1, 1))
    again = list(run(jobs, atlas))
    assert [result.status for result in again] == ["unchanged"]
    assert again[0].sha256
    assert (tmp_path / "a.svg").stat().st_mtime == 1


def test_files_are_kept_on_request(atlas, tmp_path):
    jobs = plan(["calf", "hip"], tmp_path, ["svg"])
    (tmp_path / "calf.svg").write_text("mine")
    assert [target.path.name for _, target in dry(jobs, Settings(clobber="keep"))] == ["hip.svg"]
    assert [result.status for result in run(jobs, atlas, clobber="keep")] == ["kept", "written"]
    assert (tmp_path / "calf.svg").read_text() == "mine"


def test_a_figure_that_fails_takes_no_other_with_it(atlas, tmp_path):
    jobs = [one(tmp_path / "a.svg", muscle="none"), one(tmp_path / "b.svg"), one(tmp_path / "c.svg", wrong=1)]
    unknown, good, wrong = run(jobs, atlas)
    assert (unknown.status, unknown.exit_code) == ("failed", 2)
    assert good.status == "written"
    assert (wrong.status, wrong.exit_code) == ("failed", 4)
    assert "TypeError" in wrong.error
    assert sorted(file.name for file in tmp_path.iterdir()) == ["b.svg"]


def test_on_request_the_first_failure_ends_the_run(atlas, tmp_path):
    jobs = [one(tmp_path / "a.svg"), one(tmp_path / "b.svg", wrong=1), one(tmp_path / "c.svg")]
    assert [result.status for result in run(jobs, atlas, fail_fast=True)] == ["written", "failed", "pending"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.svg"]


def test_a_format_that_fails_takes_no_other_file_of_its_figure_with_it(atlas, tmp_path):
    """A page that is too tall for pixels at this resolution; an SVG has none."""
    jobs = plan(["hip"], tmp_path / "b", ["png", "svg", "tiff"], dpi=1200, width=170)
    found = list(run(jobs, atlas))
    assert [result.status for result in found] == ["failed", "written", "failed"]
    assert all("PNG_PIXELS" in result.error and result.exit_code == 2 for result in found[::2])
    assert [file.name for file in (tmp_path / "b").iterdir()] == ["hip.svg"]
    (alone,) = run(plan(["hip"], tmp_path / "c", ["svg"], width=170), atlas)
    assert found[1].sha256 == alone.sha256


def test_a_figure_that_cannot_be_composed_fails_with_all_its_files(atlas, tmp_path):
    jobs = plan(["hip"], tmp_path / "b", ["png", "svg"], height=40, width=40)
    found = list(run(jobs, atlas))
    assert [result.status for result in found] == ["failed", "failed"]
    assert len({result.error for result in found}) == 1
    assert not (tmp_path / "b").exists()


def test_settings_that_make_no_sense_are_all_told():
    with pytest.raises(InputError) as caught:
        Settings(processes=-1, timeout=float("nan"), clobber="kep", resume=True)
    assert len(caught.value.problems) == 4
    assert "did you mean 'keep'?" in str(caught.value)


@pytest.mark.parametrize(
    ("error", "status", "code", "said"),
    [
        (MemoryError(), "failed", 3, "not enough memory for this figure"),
        (OSError(errno.ENOSPC, "No space"), "refused", 3, "No space"),
        (OSError(errno.EMFILE, "Too many open files", "a.svg"), "refused", 3, "a.svg: Too many open files"),
        (PermissionError(errno.EACCES, "Permission denied"), "failed", 3, "Permission denied"),
        (InputError("odd"), "failed", 2, "odd"),
        (KeyError("a"), "failed", 4, "internal error: KeyError: 'a'"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_an_error_costs(error, status, code, said):
    """What the machine would refuse for every file ends the run, anything else one figure."""
    outcome = failed(error)
    assert (outcome["status"], outcome["exit_code"]) == (status, code)
    assert Problem(*outcome["problems"][0]).line().startswith(said)


def test_a_place_that_is_taken_in_the_meantime_costs_one_figure(atlas, tmp_path):
    (tmp_path / "blocked").write_text("")
    jobs = [one(tmp_path / "a.svg"), one(tmp_path / "blocked" / "b.svg"), one(tmp_path / "c.svg")]
    found = list(run(jobs, atlas))
    assert [(result.status, result.exit_code) for result in found] == [("written", 0), ("failed", 3), ("written", 0)]
    assert "cannot make this folder" in found[1].error


def test_jobs_may_be_given_as_mappings(tmp_path):
    seen = []
    jobs = [
        {"muscles": "Piriformis", "output": tmp_path / "a.svg", "side": "left"},
        {"muscle": "piriformis", "output": [str(tmp_path / "b.svg"), str(tmp_path / "b.png")], "dpi": 72},
    ]
    found = render_all(jobs, processes=1, on_done=seen.append)
    assert [result.path.name for result in found] == ["a.svg", "b.svg", "b.png"]
    assert seen == found
    assert (tmp_path / "a.svg").read_bytes() == Diagram("piriformis", side="left").to_bytes("svg")


@pytest.mark.parametrize(
    ("option", "things"),
    [("layers", ["+scale"]), ("annotate", ["bones"]), ("inset", ["sacral"]), ("views", ["right"]), ("points", [1])],
)
@pytest.mark.parametrize(
    "made", [dict, lambda **job: Job(("piriformis",), (Target(job["output"], "svg"),), job["more"])]
)
def test_what_can_be_gone_through_once_is_drawn_as_it_was_checked(tmp_path, option, things, made):
    """A generator that the check had emptied would leave out of the figure what it named."""
    path, more = tmp_path / "a.svg", {option: iter(things)}
    job = made(muscles="piriformis", output=path, **(more if made is dict else {"more": more}))
    assert [result.status for result in render_all([job], processes=1)] == ["written"]
    assert path.read_bytes() == Diagram("piriformis", **{option: things}).to_bytes("svg")


def test_a_folder_far_down_costs_no_other_figure(tmp_path):
    """Python makes folders by calling itself for each: a thousand of them are too many."""
    deep = tmp_path.joinpath(*["a"] * (sys.getrecursionlimit() + 50), "deep.svg")
    jobs = [{"muscles": "piriformis", "output": path} for path in (deep, tmp_path / "b.svg")]
    try:
        first, second = render_all(jobs, processes=1)
    finally:  # what removes temporary folders calls itself, too
        with contextlib.suppress(OSError):
            deep.unlink(missing_ok=True)
            os.removedirs(deep.parent)
    assert second.status == "written"
    assert first.status == "written" or "File name too long" in first.error
    assert "internal error" not in first.error


def test_what_goes_wrong_in_storing_costs_that_file_alone(tmp_path, monkeypatch):
    def store(path, data):
        if path.name == "a.svg":
            raise RecursionError("too deep")
        return keep(path, data)

    keep = draw._store
    monkeypatch.setattr(draw, "_store", store)
    found = render_all(
        [{"muscles": "piriformis", "output": tmp_path / name} for name in ("a.svg", "b.svg")], processes=1
    )
    assert [(result.status, result.exit_code) for result in found] == [("failed", 4), ("written", 0)]


def refused(jobs) -> list[str]:
    with pytest.raises(InputError) as caught:
        render_all(jobs, processes=1)
    return [problem.line().partition(" (hint")[0] for problem in caught.value.problems]


def test_every_mistake_of_every_job_is_told_with_its_number(tmp_path):
    jobs = [
        {"muscles": "piriformis", "output": tmp_path / "a.svg"},
        {"muscles": "piriformis", "output": tmp_path / "b.svg", "sied": "left"},
        {"muscles": "pirif", "output": tmp_path / "c.svg", "side": "lfet", "width": 3, "dpi": "300"},
        {"output": "a.gif", "theme": "plat"},
        {"muscles": ["piriformis", None], "ouput": "a.svg", "points": np.int64(1)},
        "piriformis",
        {"muscle": 5, "output": [5, "b"]},
        Job(("pirif",), (Target(tmp_path / "d.svg", "svg"),), {"sied": 1, "atlas": None}),
        Job(("pirif",), (Target(tmp_path / "e.svg", "svg"),), {"sied": 1}, origin="figures.toml row 7"),
        {"muscles": "piriformis", "output": tmp_path / "a.svg", "layout": "grid", "labels": "names"},
        {"muscles": "piriformis", "output": tmp_path / "g.svg", "points": 1, "side": "lfet"},
        Job((), ()),
    ]
    told = refused(jobs)
    assert told == [
        f"job 10: {tmp_path / 'a.svg'}: two figures have this file name",
        "job 2: unknown option 'sied'",
        "job 3: dpi '300' is not a number",
        "job 3: unknown muscle 'pirif'",
        "job 3: unknown side 'lfet'",
        "job 3: width 3 is not a number from 40 to 420 mm",
        "job 4: a job without 'muscles'",
        "job 4: unknown format 'gif'",
        "job 4: unknown theme 'plat'",
        "job 5: a job without 'output'",
        "job 5: unknown option 'ouput'",
        "job 5: unknown muscle 'None'",
        "job 6: 'piriformis' is not a job",
        "job 7: output 5 is not the name of a file",
        "job 7: 'b' has no suffix that tells the format",
        "job 7: unknown muscle '5'",
        "job 8: unknown option 'sied'",
        "job 8: unknown option 'atlas'",
        "job 8: unknown muscle 'pirif'",
        "figures.toml row 7: unknown option 'sied'",
        "figures.toml row 7: unknown muscle 'pirif'",
        "job 10: a plate of several muscles has no leaders",
        "job 11: unknown side 'lfet'",
        "job 12: a job without 'muscles'",
        "job 12: a job without 'output'",
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "meant"), [("sied", "side"), ("ouput", "output"), ("musles", "muscles"), ("dip", "dpi")]
)
def test_a_mistyped_option_of_a_job_is_suggested(tmp_path, wrong, meant):
    job = {"muscles": "piriformis", "output": tmp_path / "a.svg", wrong: "left"}
    with pytest.raises(InputError, match=rf"^job 1: unknown option '{wrong}' \(hint: did you mean '{meant}'\?\)$"):
        render_all([job])


def test_a_single_job_may_stand_by_itself(tmp_path):
    mapping = {"muscles": "piriformis", "output": tmp_path / "a.svg", "points": np.int64(1), "dpi": np.int64(72)}
    job = Job(("piriformis",), (Target(tmp_path / "b.svg", "svg"),), {"points": 1})
    found = [*render_all(mapping), *render_all(job)]
    assert [result.status for result in found] == ["written", "written"]
    assert found[0].sha256 == found[1].sha256
    assert refused({"muscles": "piriformis"}) == ["job 1: a job without 'output'"]


@pytest.mark.parametrize("wrong", ["figures.csv", b"a", 5, None])
def test_what_is_no_list_of_jobs_is_refused(wrong):
    assert refused(wrong) == [f"{wrong!r} is no list of jobs"]


def test_all_that_is_wrong_with_jobs_is_told_before_anything_is_drawn(tmp_path):
    jobs = [
        {"muscle": "piriformis", "output": tmp_path / "a.svg"},
        {"muscle": "piriformiss", "output": tmp_path / "b.svg"},
    ]
    with pytest.raises(InputError, match="did you mean 'piriformis'"):
        render_all(jobs)
    with pytest.raises(InputError, match=r"without 'muscles'.*\n.*without 'output'"):
        render_all([{"side": "left"}])
    with pytest.raises(InputError, match="unknown format 'gif'"):
        render_all([{"muscle": "piriformis", "output": "a.gif"}])
    assert list(tmp_path.iterdir()) == []


ONE_OF_TWO = """\
import sys
from concurrent.futures import ThreadPoolExecutor
from trigpoint import render_all
from trigpoint.batch.workers import draw

drawn = draw.written

def written(diagram, *given, **more):
    made = drawn(diagram, *given, **more)
    print("drawn", flush=True)
    sys.stdin.readline()  # the other one has drawn, too
    return made

draw.written = written
side, gather, patterns, outlines = sys.argv[1:]
job = {"muscles": "hip", "side": side, "output": "hip.svg"}
more = {"executor": ThreadPoolExecutor(1), "gather": True} if gather else {"processes": 1}
(result,) = render_all([job], clobber="keep", patterns=patterns, outlines=outlines, **more)
print(result.status, result.sha256, flush=True)
"""


@pytest.mark.parametrize("gather", ["", "gather"])
def test_one_of_two_runs_that_are_to_keep_files_writes(gather, small, tmp_path):
    """Both have found no such file, and have their own ready."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8", "cwd": tmp_path}
    given = [gather, str(small.patterns), str(small.outlines)]
    with contextlib.ExitStack() as stack:
        runs = [
            stack.enter_context(
                subprocess.Popen([sys.executable, "-c", ONE_OF_TWO, side, *given], env=environment(), **pipes)
            )
            for side in ("left", "right")
        ]
        assert [run.stdout.readline() for run in runs] == ["drawn\n"] * 2
        for run in runs:
            run.stdin.write("go\n")
            run.stdin.flush()
        said = sorted(run.communicate()[0].split() for run in runs)
    sha256 = hashlib.sha256((tmp_path / "hip.svg").read_bytes()).hexdigest()
    assert said == [["kept"], ["written", sha256]]
    assert os.listdir(tmp_path) == ["hip.svg"]


def test_a_link_that_leads_nowhere_is_kept_too(atlas, tmp_path):
    (tmp_path / "hip.svg").symlink_to(tmp_path / "nowhere")
    assert [result.status for result in run(plan(["hip"], tmp_path, ["svg"]), atlas, clobber="keep")] == ["kept"]
    assert os.listdir(tmp_path) == ["hip.svg"]
