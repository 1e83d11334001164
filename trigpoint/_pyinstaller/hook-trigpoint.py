"""What a frozen program needs beside the modules that its code names: shipped data, and rooms that are loaded by name.

The versions of the libraries go along, since journals and clusters compare them. The library of clusters does not: a
program that uses it names it in its own code.
"""

from PyInstaller.utils.hooks import collect_submodules, copy_metadata

from trigpoint.batch.fingerprint import LIBRARIES
from trigpoint.files.shipped import resource

datas = [(str(resource(name)), f"trigpoint/{name}") for name in ("assets", "data")]
datas += [each for library in LIBRARIES for each in copy_metadata(library)]
hiddenimports = collect_submodules("trigpoint", filter=lambda name: not name.startswith("trigpoint._pyinstaller"))
excludedimports = ["distributed"]
