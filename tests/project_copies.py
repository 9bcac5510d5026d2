"""Copies of the project, for tests that write files into it."""

import compileall
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "models", "pipelines")


def compile_rooms() -> None:
    """The tests start hundreds of commands: each would compile it all anew where PYTHONDONTWRITEBYTECODE is set."""
    for room in ROOMS:
        compileall.compile_dir(ROOT / room, quiet=2)


def copy_project(folder: Path) -> Path:
    """The rooms, compiled as they are here, and scrapy.cfg."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room)  # with the times of the files, by which their bytecode holds
    shutil.copy(ROOT / "scrapy.cfg", folder)
    return folder
