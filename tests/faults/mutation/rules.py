"""`python tests/faults/mutation/rules.py`: each rule of reliability broken on purpose, and the test that must notice.

A rule is broken in a copy of the repository by one change of its text, and its test run there. It prints one line for
each: seen to fail, or not. `tests/faults/FAULTS.md` tells the rules; this shows that their tests can fail.
"""

# ruff: noqa: E501

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LEFT_OUT = (".git", ".venv*", ".fuzz", "__pycache__", ".hypothesis", ".cache", "preview", "*.egg-info", ".*_cache")
READERS = "tests/faults/test_faults_readers.py"
LABELS = "tests/faults/test_faults_labels.py"
MACHINE = "tests/faults/test_faults_machine.py"
LOADING = "tests/backends/test_mpl_loading.py"
AROUND = "tests/faults/test_faults_surroundings.py"

# What is broken: the file, its text, the text in its place, and the test (with -k, the part of its name).
RULES: dict[str, tuple[str, str, str, str, str]] = {
    "endless numbers": ("files/reading", "if not math.isfinite(value)", "if False", "tests/files/test_reading.py", "no_json"),
    "keys given twice": ("files/reading", "if len(value) < len(pairs)", "if False", "tests/files/test_reading.py", "no_json"),
    "numbers of 16 digits": ("files/reading", "if abs(value) >= 10**15", "if False", "tests/files/test_reading.py", "no_json"),
    "depth of JSON": ("files/reading", "if depth > limits.DEPTH", "if depth > 900", "tests/files/test_reading.py", "no_json"),
    "encoding": ("files/reading", 'data.decode("utf-8-sig")', 'data.decode("latin-1")', "tests/atlas/test_patterns.py", "no_pattern_file"),
    "bytes of a file": ("files/reading", "file.read(limit + 1)", "file.read()", "tests/files/test_reading.py", "no_further"),
    "hidden characters": ("files/reading", "\\u2028-\\u202e", "", "tests/files/test_reading.py", "hidden"),
    "many mistyped names": ("files/findings", "if self.full or self._compared > limits.COMPARISONS", "if False", READERS, "compare"),
    "many problems": ("files/findings", "if self._noted > limits.PROBLEMS_NOTED:\n            self.settle()", "if False:\n            self.settle()", "tests/files/test_findings.py", "not_read_on"),
    "nests of rings": ("atlas/pattern_checks", "if pairs > limits.RING_PAIRS", "if False", READERS, "nests.json"),
    "markup that Anki runs": ("diagram/study_cards", 'r"<span>\\g<0></span>"', 'r"\\g<0>"', "tests/diagram/test_study_cards.py", "nothing_else"),
    "tables that were edited": ("diagram/study_cards", "if old not in (None, data):", "if False:", "tests/diagram/test_study_cards.py", "never_lost"),
    "names taken for options": ("files/file_names", "if name[:1] in TAKEN_FOR:", "if False:", "tests/files/test_file_names.py", "mean_something"),
    "hidden folders": ("files/file_names", 'if part.startswith("."):', "if False:", "tests/files/test_file_names.py", "surprise"),
    "setuid bits": ("files/atomic", "0o707 if foreign else 0o777", "0o7707 if foreign else 0o7777", "tests/files/test_atomic.py", "runs_as_nobody"),
    "rings in one another": ("atlas/pattern_checks", "> limits.NESTED_RINGS", "> 10**12", READERS, "nested_rings.json"),
    "nests of rings, outline": ("atlas/outline_shapes", "> limits.RING_PAIRS", "> 10**12", READERS, "nests.posterior"),
    "saws of long teeth": ("atlas/pattern_checks", "> limits.CHAIN_PAIRS", "> 10**18", READERS, "saws.json"),
    "vertices of a file": ("atlas/outline_shapes", "if vertices > limits.FILE_VERTICES", "if False", READERS, "fibres"),
    "entities": ("atlas/outline_reader", "from defusedxml.ElementTree import DefusedXMLParser", "from xml.etree.ElementTree import XMLParser as DefusedXMLParser", READERS, "bomb"),
    "depth of XML": ("atlas/outline_reader", "if len(self._names) >= limits.DEPTH", "if False", READERS, "deep.posterior"),
    "shapes of an outline": ("atlas/outline_reader", "if len(self.sheet.marks) > limits.SHAPES", "if False", READERS, "shapes.posterior"),
    "rings that cross": ("atlas/pattern_checks", 'findings.add(f"the ring is not valid', 'str(f"the ring is not valid', "tests/atlas/test_patterns.py", "fault_is_named"),
    "zones off the body": ("atlas/atlas", "if patterns is not None and (outside", "if patterns is None and (outside", "tests/atlas/test_atlas.py", "off_the_body"),
    "repair keeps all parts": ("geometry/repair", 'union([shapely.make_valid(shape, method="structure", keep_collapsed=False)])', "union([shape.buffer(0)])", "tests/geometry/test_repair.py", ""),
    "repair refuses over 1 %": ("geometry/repair", "if change > MOST", "if False", "tests/geometry/test_repair.py", "not_meant"),
    "repair refuses tangles": ("geometry/repair", "    _refuse_tangles(shape)\n", "", "tests/geometry/test_repair.py", "tangle_is_refused"),
    "labels as they are": ("backends/svg", "return _checked(words).translate(_IN_TEXT)", 'return _checked(words).translate(_IN_TEXT).replace("&amp;", "+")', LABELS, "as_it_was_given"),
    "markup in labels": ("backends/svg", "return _checked(words).translate(_IN_TEXT)", "return _checked(words)", LABELS, "no_harm"),
    "quotes in labels": ("backends/svg", "_checked(words).translate(_IN_QUOTES)", "_checked(words)", LABELS, "no_harm"),
    "ids of two figures": ("backends/svg", 'return "f" + hashlib', 'return "f" or "f" + hashlib', LABELS, "share_no_id"),
    "missing glyphs": ("backends/fonts", "        if not self.missing:\n            return", "        return", LABELS, "one_warning"),
    "names of devices": ("files/file_names", ".casefold() in RESERVED", " in RESERVED", "tests/files/test_file_names.py", "devices"),
    "names that meet": ("files/file_names", "return name.lower()", "return name", "tests/batch/test_batch.py", "meet"),
    "a device's name": ("files/atomic", "    if special:\n", "    if False:\n", "tests/files/test_atomic.py", "no_file_stays"),
    "a row without a muscle": ("batch/manifest/reader", "if any(problem == NO_MUSCLE for _, problem in found.problems):", "if False:", "tests/batch/test_columns.py", "however_its_cell"),
    "columns of a caller": ("batch/manifest/reader", "(*self.table.defaults, *given, *self.table.header)", "(*self.table.defaults, *self.table.header)", "tests/batch/test_columns.py", "caller"),
    "options gone through once": ("batch/jobs", "tuple(value) if isinstance(value, Iterator) else value", "value", "tests/batch/test_batch.py", "gone_through"),
    "columns of all rows": ("batch/manifest/reader", "if len(self.own) > limits.MANIFEST_COLUMNS:", "if False:", "tests/batch/test_manifest.py", "caps"),
    "a journal that never ends": ("batch/journal", "    if is_special(path):\n", "    if path.is_block_device():\n", "tests/batch/test_folder.py", "never_ends"),
    "bodies too small to be read": ("plate/layout", "    if tall < LEAST_BODY:", "    if tall < 0:", "tests/plate/test_inset.py", "without_room"),
    "arms that are enlarged": ("plate/labelled_panels", "top, bottom, held[one.view])", "top, bottom)", "tests/plate/test_inset.py", "enlarged_is_drawn"),
    "folders without end": ("files/file_names", "if len(parts) > limits.DEPTH:", "if False:", "tests/batch/test_output_names.py", "without_end"),
    "storing that fails": ("batch/workers/draw", "    except Exception as error:  # whatever it is, it must not take", "    except OutputError as error:  # whatever it is, it must not take", "tests/batch/test_batch.py", "storing"),
    "columns in other letters": ("batch/manifest/reader", "elif near := _same(name, columns()):", "elif near := '':", "tests/batch/test_output_names.py", "other_letters"),
    "the end of a whole name": ("batch/manifest/output_names", "suffix = format_of(f\"-{name.rpartition('/')[2]}\")", "suffix = format_of(template.parts[-1])", "tests/batch/test_output_names.py", "whole_name"),
    "a report over a figure": ("cli/render", "if printing.report and (other", "if False and (other", "tests/cli/test_render.py", "written_over_nothing"),
    "a name that begins with a slash": ("batch/manifest/output_folder", ' or name.startswith("/")', "", "tests/batch/test_output_names.py", "cannot_be"),
    "a name that leads out": ("files/file_names", 'if not part.strip("."):', "if not part:", "tests/batch/test_output_names.py", "cannot_be"),
    "folders that are links": ("batch/manifest/output_folder", "if place.is_symlink()", "if False", "tests/batch/test_output_names.py", ""),
    "two runs into one folder": ("files/atomic", "except BlockingIOError:\n        return False", "except BlockingIOError:\n        return True", "tests/batch/test_folder.py", "second_run"),
    "locks of forked processes": ("files/lock", "os.register_at_fork(after_in_child=_let_go)", "pass", "tests/batch/test_folder.py", "forked"),
    "folders that callers go to": ("batch/run", "return Target(self._start / target.path, target.format)", "return target", "tests/batch/test_folder.py", "whatever_folder"),
    "resuming": ("batch/journal", "or source != self._source(job, target)", "", "tests/batch/test_folder.py", "otherwise"),
    "a torn journal": ("batch/journal", "contextlib.suppress(ValueError, KeyError, TypeError, RecursionError)", "contextlib.suppress(KeyError)", "tests/batch/test_folder.py", "torn"),
    "a worker that hangs": ("batch/workers/pool", "if worker.hand else -1\n                worker.kill()\n", "if worker.hand else -1\n", "tests/batch/test_processes.py", "hangs"),
    "time that nobody listens": ("batch/workers/pool", "min(most, time.monotonic() - start)", "time.monotonic() - start", "tests/batch/test_processes.py", "nobody_listens"),
    "done, though given up": ("batch/workers/pool", "worker.hand and worker.overdue in (None, worker.hand[0][0])", "worker.hand", "tests/batch/test_processes.py", "ready_in_the_end"),
    "tasks that cannot be read": ("batch/workers/worker", "    except Exception as error:  # a value", "    except OSError as error:  # a value", "tests/batch/test_processes.py", "cannot_be_read"),
    "nonsense from a worker": ("batch/workers/pool", "        with suppress(Exception), cast", "        with suppress(OSError), cast", "tests/batch/test_processes.py", "nonsense"),
    "signals that come again": ("cli/__init__", "elif now - raised > SAME_WISH:", "else:", "tests/batch/test_folder.py", "again_and_again"),
    "signals in imports": ("cli/__init__", 'if frame.f_code.co_filename.startswith("<frozen importlib"):', "if False:", "tests/cli/test_cli.py", "python_ignores"),
    "signals where errors are ignored": ("cli/__init__", "hook, sys.unraisablehook = sys.unraisablehook, ignored", "hook = sys.unraisablehook", "tests/cli/test_cli.py", "python_ignores"),
    "given up for good": ("batch/workers/executors", "                late.cancel()", "                late.done()", "tests/batch/test_executors.py", "no_file_later"),
    "last answers": ("batch/workers/pool", "                self._late(answer)\n", "                pass\n", "tests/batch/test_processes.py", "broken_off"),
    "locks over a fork": ("files/forks", "before=made.acquire, after_in_parent=made.release, after_in_child=made.release", "before=int", "tests/files/test_forks.py", "held"),
    "frozen programs": ("batch/workers/interpreter", "    return not frozen and ", "    return ", "tests/batch/test_frozen.py", "frozen_program"),
    "files that move": ("batch/fingerprint", "file.relative_to(package).as_posix(): file", "file.name: file", "tests/batch/test_frozen.py", "moves"),
    "remarks of every file": ("batch/workers/draw", "for remark in file.remarks]", "for remark in file.remarks[1:]]", "tests/batch/test_remarks.py", "all_its_files"),
    "pictures too wide": ("batch/manifest/reader", "for problem in size_problems(job, options.page_width):", "for problem in ():", "tests/batch/test_manifest_run.py", "too_wide"),
    "leftovers of a killed run": ("files/leftovers", "        if not old and _runs(writer):", "        if _runs(os.getpid()):", "tests/batch/test_folder.py", "leftovers"),
    "an item that fails": ("batch/workers/draw", "    except Exception as error:  # a bug in one format", "    except MemoryError as error:  # a bug in one format", MACHINE, "item_that_fails"),
    "a disk that is full": ("files/atomic", "    finally:\n        with contextlib.suppress(OSError, ValueError):\n            os.unlink(temporary)", "    finally:\n        with contextlib.suppress(OSError, ValueError):\n            os.stat(temporary)", MACHINE, "fills_up"),
    "files are replaced, not rewritten": ("files/atomic", "        os.replace(temporary, target)\n        return True", "        target.write_bytes(data)\n        return True", MACHINE, "fills_up"),
    "the machine's refusals": ("cli/__init__", "case OSError():", "case BrokenPipeError():", "tests/cli/test_cli.py", "how_a_run_ends"),
    "memory": ("batch/workers/draw", "    except Exception as error:  # a bug in one format", "    except OSError as error:  # a bug in one format", MACHINE, "item_that_fails"),
    "hostile matplotlibrc": ("backends/pdf", '    "pdf.compression": 6,\n', "", "tests/backends/test_mpl.py", "hostile"),
    "matplotlibrc of the folder": ("backends/mpl_loading", "path != NAME and _exists(path)", "_exists(path)", LOADING, "no_settings_file"),
    "matplotlibrc of others": ("backends/mpl_loading", "if file and not os.path.isfile(file):", "if False:", LOADING, "names_the_file"),
    "log lines of matplotlib": ("backends/mpl_loading", "logger.setLevel(logging.CRITICAL)", "pass", LOADING, "leaves_nothing"),
    "folders of matplotlib": ("backends/mpl_loading", "tempfile.tempdir = os.devnull", "pass", LOADING, "leaves_nothing"),
    "the clock": ("backends/pdf", '"CreationDate": None', '"Keywords": None', AROUND, "clock"),
    "threads": ("backends/pdf", "_lock = forks.lock()", "import contextlib\n_lock = contextlib.nullcontext()", AROUND, "threads"),
    "settings of the caller": ("backends/pdf", "            settings.update(before)", "            pass", AROUND, "threads"),
    "pixels of a picture": ("backends/pixel_size", "if max(across, down) > limits.PNG_SIDE or across * down > limits.PNG_PIXELS", "if False", "tests/backends/test_mpl.py", "pixels"),
    "dots per inch": ("backends/pixel_size", "if not limits.DPI_MIN <= dpi <= limits.DPI_MAX:", "if False:", "tests/backends/test_mpl.py", "dpi_is"),
}  # fmt: skip


def main() -> int:
    """Break the rules whose names hold one of the words given, or all; exit 1 if a test does not notice."""
    wanted = {name: rule for name, rule in RULES.items() if not sys.argv[1:] or any(w in name for w in sys.argv[1:])}
    unseen = 0
    with tempfile.TemporaryDirectory(prefix="rules-") as folder:
        copy = Path(folder) / "trigpoint"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for name, (module, text, broken, test, part) in wanted.items():
            file = copy / "trigpoint" / f"{module}.py"
            sound = file.read_text("utf-8")
            said = (
                "the text is not there any more"
                if sound.count(text) != 1
                else noticed(copy, file, sound, text, broken, test, part)
            )
            unseen += said != "seen to fail"
            print(f"{name:<36} {test.removeprefix('tests/'):<30} {said}", flush=True)
    return 1 if unseen else 0


def noticed(copy: Path, file: Path, sound: str, text: str, broken: str, test: str, part: str) -> str:
    """Whether the test fails on the broken module, and does not on the sound one."""
    file.write_text(sound.replace(text, broken), "utf-8")
    ended = run(copy, test, part)
    file.write_text(sound, "utf-8")
    if ended == 1:
        return "seen to fail"
    return "does not notice" if ended == 0 else f"pytest ended with {ended}"


def run(copy: Path, test: str, part: str) -> int:
    """Run a test in the copy; the exit code of pytest."""
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *(["-k", part] if part else []), test]
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
    command = [sys.executable, "-m", "pytest", *options]
    try:
        return subprocess.run(command, cwd=copy, env=env, capture_output=True, check=False, timeout=100).returncode
    except subprocess.TimeoutExpired:
        return 1


if __name__ == "__main__":
    sys.exit(main())
