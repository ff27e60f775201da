"""Compiles the catalogues of translations when the package is built, or installed in place; see pyproject.toml for all
else.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


class WithCatalogues(build_py):
    def run(self) -> None:
        for source in Path("presentation/locale").glob("*/LC_MESSAGES/*.po"):
            with source.open("rb") as told, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(told))
        super().run()


setup(cmdclass={"build_py": WithCatalogues})
