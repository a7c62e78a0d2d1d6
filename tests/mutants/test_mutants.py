"""The judge of the mutants: what survives must be explained, and what is explained must survive."""

import ast
from pathlib import Path

import pytest

from tests.mutants.mutants import HARMLESS, Mutant, from_mutmut, judge, listed

ROOT = Path(__file__).parents[2]

ONE = Mutant("framing.count", "-return 1\n+return 2")
OTHER = Mutant("framing.count", "-return 1\n+return None")

SHOWN = """\
# bridge.protocol.framing.xǁPiecesǁappend__mutmut_9: survived
--- bridge/protocol/framing.py
+++ bridge/protocol/framing.py
@@ -1,3 +1,3 @@
 def append(self, data: bytes) -> None:
-    if data:
+    if not data:
         return
"""


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("bridge.protocol.framing.xǁPiecesǁappend__mutmut_9", "framing.Pieces.append"),
        ("bridge.protocol.down_log.xǁGapǁ__init____mutmut_12", "down_log.Gap.__init__"),
        ("bridge.protocol.v1_decoder.x_unterminated__mutmut_1", "v1_decoder.unterminated"),
    ],
)
def test_a_mutant_is_known_by_its_function_and_its_changed_lines(name: str, place: str) -> None:
    assert from_mutmut(name, SHOWN) == Mutant(place, "-if data:\n+if not data:")


def test_a_mutant_is_printed_as_the_list_has_it() -> None:
    text = f"- why: No difference.\n  mutants:\n{ONE}\n{OTHER}\n"
    assert listed(text) == {ONE: "No difference.", OTHER: "No difference."}


def test_a_survivor_that_is_listed_passes() -> None:
    assert judge(100, [ONE], {ONE: "No difference."}).passes


def test_a_survivor_that_is_not_listed_does_not_pass_and_is_named() -> None:
    judgement = judge(100, [ONE, OTHER], {ONE: "No difference."})
    assert (judgement.passes, judgement.unexplained) == (False, [OTHER])
    assert str(OTHER) in judgement.lines()


def test_a_listed_mutant_that_is_caught_does_not_pass_and_is_named() -> None:
    judgement = judge(100, [ONE], {ONE: "No difference.", OTHER: "No difference."})
    assert (judgement.passes, judgement.outdated) == (False, [OTHER])
    assert str(OTHER) in judgement.lines()


@pytest.mark.parametrize(("total", "passes"), [(39, False), (40, True)])
def test_fewer_than_95_percent_do_not_pass(total: int, passes: bool) -> None:
    assert judge(total, [ONE, OTHER], dict.fromkeys([ONE, OTHER], "")).passes is passes


def test_the_figures_are_told() -> None:
    *_, last = judge(80, [ONE], {ONE: "No difference."}).lines()
    assert last == "80 mutants, 79 caught, 1 survived: 98.8 % caught, 95 % are needed"


HARMLESS_ONES = listed(HARMLESS.read_text())


@pytest.mark.parametrize("mutant", HARMLESS_ONES, ids=lambda mutant: mutant.place)
def test_each_harmless_mutant_is_one_of_a_line_that_is_there(mutant: Mutant) -> None:
    assert HARMLESS_ONES[mutant]
    module, _, function = mutant.place.partition(".")
    source = (ROOT / "bridge" / "protocol" / f"{module}.py").read_text()
    lines = {line.strip() for line in source_of(function.split("."), source).splitlines()}
    assert {line[1:] for line in mutant.diff.splitlines() if line[0] == "-"} <= lines


def source_of(path: list[str], source: str) -> str:
    """The text of a function or, along the path, of a method."""
    body: list[ast.stmt] = ast.parse(source).body
    for name in path:
        (found,) = (node for node in body if getattr(node, "name", None) == name)
        assert isinstance(found, ast.FunctionDef | ast.ClassDef)
        body = found.body
    return ast.get_source_segment(source, found) or ""
