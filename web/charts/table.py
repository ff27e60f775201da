"""Which question has which chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from web.charts import adoptions, grid, money, seats, wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from presentation.asking import Asking


class Chart(NamedTuple):
    """A question's chart: its template, and the function that returns its drawing, or None where nothing is to draw."""

    template: str
    of: Callable[[Asking, Any], Any]


CHARTS: Mapping[str, Chart] = {
    "agreement": Chart("charts/adoptions.html", adoptions.of),
    "council": Chart("charts/seats.html", seats.of),
    "deadlines": Chart("charts/wheel.html", wheel.of),
    "costs": Chart("charts/costs.html", money.of),
    "reports": Chart("charts/reports.html", grid.of),
}
