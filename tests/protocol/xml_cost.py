"""What the check of a message costs: `python -m tests.protocol.xml_cost` prints the table of
docs/decisions/016-xml-guard.md."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter

from bridge.config import Config, DaemonConfig
from bridge.daemons import limits_of
from bridge.protocol.xml_check import XmlCheck
from bridge.protocol.xml_schema import Language, Schema

TURNS = 9
TURN_S = 0.05

SCHEMA = b"""<grammar xmlns="http://relaxng.org/ns/structure/1.0"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start>
    <choice>
      <element name="say"><attribute name="to"/><text/></element>
      <element name="list">
        <zeroOrMore>
          <element name="item">
            <attribute name="id"><data type="int"/></attribute><attribute name="name"/><text/>
          </element>
        </zeroOrMore>
      </element>
    </choice>
  </start>
</grammar>
"""


def listed(count: int, name: str = "n") -> bytes:
    """Elements with attributes and little text."""
    items = (f"<item id='{number}' name='{name}'>v</item>" for number in range(count))
    return f"<list>{''.join(items)}</list>".encode()


MESSAGES = {
    "one element, 100 bytes": b"<say to='ann'>" + b"x" * 80 + b"</say>",
    "one element, 64 KB of text": b"<say to='ann'>" + b"word " * 13_000 + b"</say>",
    "25 elements, 1 KB": listed(25),
    "2,500 elements, 100 KB": listed(2_500),
    "200 elements with long tags, 70 KB": listed(200, "n" * 300),
}


def cost_us(call: Callable[[], object]) -> float:
    """The time of one call in microseconds: the median of several turns."""
    return median(turn_us(call) for _ in range(TURNS))


def turn_us(call: Callable[[], object]) -> float:
    """The mean over one turn."""
    calls, start = 0, perf_counter()
    while (spent := perf_counter() - start) < TURN_S:
        call()
        calls += 1
    return spent / calls * 1e6


def rows() -> Iterator[tuple[str, ...]]:
    """Of the table: a message, and the cost of each check per KB of it."""
    limits = limits_of(Config(daemons={"demo": DaemonConfig(embedded="chat")}))
    schema = Schema(SCHEMA, Language.RELAX_NG, "cost.rng")
    yield ("message", "bytes", "bounds alone", "whole check", "texts measured", "with a schema")
    yield ("---",) * 6
    for name, message in MESSAGES.items():
        shorter = replace(limits, max_text_length=len(message) - 1)
        checks: list[Callable[[bytes], object]] = [
            limits.breach,
            XmlCheck(limits),
            XmlCheck(shorter),
            XmlCheck(limits, schema),
        ]
        costs = [cost_us(partial(check, message)) / len(message) * 1024 for check in checks]
        yield (name, str(len(message)), *(f"{cost:.1f}" for cost in costs))


def main() -> None:
    """Print it."""
    for row in rows():
        sys.stdout.write(f"| {' | '.join(row)} |\n")


if __name__ == "__main__":
    main()
