"""What setup.cfg cannot say: packages are found, and the mapped folders of data are packages beside them."""

from pathlib import Path

from setuptools import find_packages, setup
from setuptools.config.setupcfg import read_configuration

mapped = read_configuration("setup.cfg")["options"]["package_dir"]
there = {name for name, folder in mapped.items() if Path(folder).is_dir()}  # drawn structures are no part of every tree
setup(packages=sorted({*find_packages(include=["trigpoint", "trigpoint.*"]), *there}))
