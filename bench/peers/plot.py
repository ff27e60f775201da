"""Draws the curves: `python plot.py FILE FOLDER` writes growth-time.png and growth-memory.png."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

AXES = {
    "growth-time.png": ("computing", "seconds of processor, whole command"),
    "growth-memory.png": ("MB", "peak memory, MB"),
}


def main(file: str, folder: str) -> None:
    """Draws one line per command. Both axes are logarithmic."""
    found = json.loads(Path(file).read_text("utf-8"))
    for name, (value, label) in AXES.items():
        figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
        for place, (command, series) in enumerate(found[value].items()):
            axes.plot(
                found["sizes"], series, marker="o", markersize=3, linestyle="--" if place > 9 else "-", label=command
            )
        axes.set(xscale="log", yscale="log", xlabel="entries in the ledger", ylabel=label)
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend(fontsize=8)
        figure.savefig(Path(folder) / name, dpi=110)


if __name__ == "__main__":
    main(*sys.argv[1:])
