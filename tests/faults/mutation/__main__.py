"""`python tests/faults/mutation [MODULE ...]`: which small mistakes in loader, paths and escaping the tests find.

Each mutant of a module is put into a copy of the repository and the tests named beside the module are run on it, until
one fails. A mutant that no test fails on is printed: write the test that would. All of it takes some twenty minutes,
far too long for the ordinary run; nothing here is collected by pytest.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from forks import in_a_fork
from mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[3]
LEFT_OUT = (".git", ".venv*", ".fuzz", "__pycache__", ".hypothesis", ".cache", "preview", "*.egg-info", ".*_cache")
SECONDS = 60  # of processor for the tests of one mutant: a mistake may make a loop endless

READERS = (
    "tests/files/test_reading.py",
    "tests/files/test_findings.py",
    "tests/files/test_schema.py",
    "tests/atlas/test_patterns.py",
    "tests/atlas/test_outlines.py",
    "tests/atlas/test_warp.py",
)
TESTS = {
    "files/reading": (*READERS, "tests/geometry/test_repair.py"),
    "atlas/patterns": ("tests/atlas/test_patterns.py", "tests/atlas/test_atlas.py"),
    "atlas/pattern_writer": ("tests/atlas/test_patterns.py", "tests/plate/test_acupoints.py"),
    "atlas/pattern_checks": (
        "tests/atlas/test_patterns.py",
        "tests/test_limits.py",
        "tests/geometry/test_repair.py",
        "tests/plate/test_acupoints.py",
    ),
    "atlas/outline_reader": ("tests/atlas/test_outlines.py",),
    "atlas/outlines": ("tests/atlas/test_outlines.py", "tests/test_limits.py", "tests/geometry/test_repair.py"),
    "atlas/outline_writer": ("tests/atlas/test_outlines.py",),
    "atlas/outline_shapes": ("tests/atlas/test_outlines.py", "tests/test_limits.py", "tests/geometry/test_repair.py"),
    "geometry/repair": ("tests/geometry/test_repair.py",),
    "files/atomic": ("tests/files/test_atomic.py", "tests/batch/test_folder.py"),
    "files/leftovers": ("tests/files/test_leftovers.py", "tests/batch/test_folder.py"),
    "files/file_names": ("tests/files/test_file_names.py", "tests/batch/test_batch.py"),
    "batch/check": ("tests/batch/test_batch.py",),
    "batch/manifest/templates": ("tests/batch/test_templates.py",),
    "batch/manifest/output_folder": ("tests/batch/test_output_names.py",),
    "errors": ("tests/test_errors.py",),
    "backends/svgwrite_drawing": ("tests/backends/test_svgwrite_drawing.py",),
    "backends/path_data": ("tests/backends/test_svg.py", "tests/backends/test_eps.py"),
    "backends/svg": ("tests/backends/test_svg.py", "tests/whole/test_writers_agree.py", "tests/whole/test_readers.py"),
}
GROUPS = {
    "loader": (
        "files/reading",
        "atlas/patterns",
        "atlas/pattern_writer",
        "atlas/pattern_checks",
        "atlas/outline_reader",
        "atlas/outlines",
        "atlas/outline_shapes",
        "geometry/repair",
    ),
    "paths": (
        "files/atomic",
        "files/leftovers",
        "files/file_names",
        "batch/check",
        "batch/manifest/templates",
        "batch/manifest/output_folder",
    ),
    "escaping": ("errors", "atlas/outline_writer", "backends/svg", "backends/svgwrite_drawing"),
}


def main() -> int:
    """Try the mutants of the modules asked for, and print which survive; exit 1 where a group has too many."""
    parser = argparse.ArgumentParser(prog="python tests/faults/mutation", description="Let tests find mistakes.")
    parser.add_argument("modules", nargs="*", choices=[*TESTS, []], help="such as intake; all if none is named")
    parser.add_argument("--sample", type=int, help="at most so many mutants of a module, chosen at random")
    parser.add_argument("--least", type=float, default=85, help="percent to be killed in each group (default: 85)")
    arguments = parser.parse_args()
    import_libraries()
    killed, tried = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / "trigpoint"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        wanted = [module for module in arguments.modules or TESTS if (copy / "trigpoint" / f"{module}.py").is_file()]
        for module in wanted:
            tried[module], killed[module] = module_score(module, copy, arguments.sample)
    fine = True
    for group, modules in GROUPS.items():
        total, found = sum(tried[each] for each in modules), sum(killed[each] for each in modules)
        if total:
            print(f"{group}: {found} of {total} killed, {100 * found / total:.1f} %")
            fine &= 100 * found >= arguments.least * total
    return 0 if fine else 1


def import_libraries() -> None:
    """Import once what every mutant's tests need; the package itself is left to each of them."""
    import hypothesis
    import jsonschema
    import numpy
    import pytest
    import shapely
    import svgwrite

    del hypothesis, jsonschema, numpy, pytest, shapely, svgwrite


def module_score(module: str, copy: Path, sample: int | None) -> tuple[int, int]:
    """How many mutants of a module were tried and how many killed; survivors are printed."""
    file = copy / "trigpoint" / f"{module}.py"
    sound = file.read_text("utf-8")
    made = mutants(sound)
    chosen = [made[index] for index in sorted(Random(1).sample(range(len(made)), min(sample or len(made), len(made))))]
    tests = [test for test in TESTS[module] if (copy / test).is_file()]
    plain, start = ast.unparse(ast.parse(sound)), time.monotonic()

    def told(line: str) -> None:
        os.write(out, f"  survives: {module}.py:{line}\n".encode())

    out = os.dup(1)
    tried = in_a_fork(lambda: hunted(module, copy, file, plain, chosen, tests, told))
    if tried is None:
        print((copy.parent / "log").read_text("utf-8")[-5_000:])
        raise SystemExit(f"the tests of {module} fail without any mistake: {' '.join(tests)}")
    killed, others = tried
    for mutant in others:
        if found_by(copy, file, mutant.source, tests):
            killed += 1
        else:
            told(f"{mutant.told(plain)} (in the module itself)")
    file.write_text(sound, "utf-8")
    print(f"{module}: {killed} of {len(chosen)} killed ({time.monotonic() - start:.0f} s)", flush=True)
    return len(chosen), killed


def hunted(
    module: str, copy: Path, file: Path, sound: str, chosen: list[Mutant], tests: list[str], told: Callable[[str], None]
) -> tuple[int, list[Mutant]] | None:
    """How many mutants of functions are killed, and the mutants that need another import; None where tests fail."""
    from hunt import Hunt

    hunt = Hunt(f"trigpoint.{module.replace('/', '.')}", file, sound, chosen, told)
    prepare(copy)
    if pytest_main(copy, file, tests, [hunt]):
        return None
    return len(hunt.killed), hunt.others


def found_by(copy: Path, file: Path, source: str, tests: list[str]) -> bool:
    """Whether the tests fail, or do not come to an end, with this source in place of the module's."""
    file.write_text(source, "utf-8")
    for stale in file.parent.glob(f"__pycache__/{file.stem}.*"):
        stale.unlink()

    def run() -> int:
        prepare(copy)
        return pytest_main(copy, file, tests, [])

    return in_a_fork(run, SECONDS) != 0


def prepare(copy: Path) -> None:
    """Let this process see the copy in place of the repository, and say nothing."""
    os.chdir(copy)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    here = Path(__file__).parent
    sys.path[:] = [str(copy), *(path for path in sys.path if Path(path or ".").resolve() not in (ROOT, here))]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(copy.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)


def pytest_main(copy: Path, file: Path, tests: list[str], plugins: list[object]) -> int:
    """Run the tests and the examples of the module until the first failure; the exit code."""
    import pytest

    options = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-x", "-q", "-n", "0", "-m", "not slow"]
    options += ["-p", "no:cacheprovider", "--rootdir", str(copy)]
    return int(pytest.main([*options, *tests, str(file.relative_to(copy))], plugins=plugins))


if __name__ == "__main__":
    sys.exit(main())
