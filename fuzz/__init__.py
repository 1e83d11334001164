"""Fuzzing of everything that reads a file from anybody: `python -m fuzz patterns --minutes 10`.

An input may be refused with an error of this library, and must be within 2 s and 300 MiB; whatever else happens is a
finding, kept as a file. Findings that were mended stand in `findings/` and are read again by the ordinary tests.
"""
