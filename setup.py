"""What setup.cfg cannot say: packages are found, and the mapped folders of data are packages beside them."""

from setuptools import find_packages, setup
from setuptools.config.setupcfg import read_configuration

mapped = read_configuration("setup.cfg")["options"]["package_dir"]
setup(packages=sorted({*find_packages(include=["trigpoint", "trigpoint.*"]), *mapped}))
