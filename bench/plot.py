"""docs/benchmarks.svg: every system beside the bridge, on a logarithmic scale."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final
from xml.sax.saxutils import escape

from bench.scenario import Result

WIDTH: Final = 860
LEFT: Final = 110
RIGHT: Final = 30
TOP: Final = 40
ROW: Final = 44
LEGEND_ROW: Final = 22
LEGEND_COLUMNS: Final = 4
RADIUS: Final = 6
BRIDGE: Final = "bridge"
BRIDGE_COLOUR: Final = "#d55e00"
# Colours that people who are colour-blind can tell apart.
COLOURS: Final = (
    "#0072b2",
    "#56b4e9",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#f0c000",
    "#7f7f7f",
    "#000000",
)
STYLE: Final = """\
text { font: 13px system-ui, sans-serif; fill: #222 }
.scale { text-anchor: middle; fill: #666 }
.grid { stroke: #ddd }
.one { stroke: #d55e00; stroke-width: 2 }
.page { fill: #fff }"""


@dataclass(frozen=True, slots=True)
class Dot:
    """A contender in the row of its scenario: how many times as good as the first one it is."""

    row: int
    system: str
    times: float


def dots(results: Iterable[Result]) -> Iterator[Dot]:
    """Of all that have figures; where less is better the ratio is turned round."""
    for row, result in enumerate(results):
        first = next(iter(result.outcomes.values()))
        for contender in result.scenario.contenders:
            outcome = result.outcomes[contender.name]
            if outcome.fault or first.fault:
                continue
            main = next(iter(outcome.figures))
            times = outcome.figures[main] / first.figures[main]
            yield Dot(row, contender.peer.name, times if main.grows else 1 / times)


def svg(results: Sequence[Result]) -> str:
    """The whole picture."""
    drawn = list(dots(results))
    systems = list(dict.fromkeys(dot.system for dot in drawn))
    colours = dict(zip([name for name in systems if name != BRIDGE], COLOURS, strict=False))
    colours[BRIDGE] = BRIDGE_COLOUR
    scale = Scale.around([dot.times for dot in drawn])
    bottom = TOP + ROW * len(results)
    height = bottom + LEGEND_ROW * (2 + ceil(len(systems) / LEGEND_COLUMNS))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}">',
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height}"/>',
            *_grid(scale, bottom),
            *_rows([result.scenario.name for result in results]),
            *(_circle(scale.x(dot.times), _y(dot.row), colours[dot.system]) for dot in drawn),
            *_legend({name: colours[name] for name in systems}, bottom + 2 * LEGEND_ROW),
            "</svg>\n",
        )
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """Powers of ten from left to right."""

    first: int
    last: int

    @classmethod
    def around(cls, values: Sequence[float]) -> "Scale":
        """Has room for all of these, and for 1."""
        return cls(floor(log10(min([*values, 0.9]))), ceil(log10(max([*values, 1.1]))))

    def x(self, value: float) -> float:
        """Where a value is."""
        part = (log10(value) - self.first) / (self.last - self.first)
        return LEFT + part * (WIDTH - LEFT - RIGHT)


def _y(row: int) -> float:
    return TOP + ROW * (row + 0.5)


def _grid(scale: Scale, bottom: int) -> Iterator[str]:
    for power in range(scale.first, scale.last + 1):
        x = scale.x(10.0**power)
        name = "one" if power == 0 else "grid"
        yield f'<line class="{name}" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>'
        yield f'<text class="scale" x="{x:.1f}" y="{TOP - 10}">{10.0**power:g}</text>'


def _rows(names: Iterable[str]) -> Iterator[str]:
    for row, name in enumerate(names):
        y = _y(row)
        yield f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>'
        yield f'<text x="10" y="{y + 4}">{escape(name)}</text>'


def _circle(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" fill="{colour}" fill-opacity="0.8"/>'


def _legend(colours: dict[str, str], top: int) -> Iterator[str]:
    column_width = (WIDTH - LEFT - RIGHT) / LEGEND_COLUMNS
    for place, (name, colour) in enumerate(colours.items()):
        row, column = divmod(place, LEGEND_COLUMNS)
        x, y = LEFT + column * column_width, top + row * LEGEND_ROW
        yield _circle(x, y, colour)
        yield f'<text x="{x + 14:.1f}" y="{y + 4}">{escape(name)}</text>'
