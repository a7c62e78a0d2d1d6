"""Each input that is kept keeps each promise, without a fuzzer."""

from pathlib import Path

import pytest

from tests.fuzz import corpus
from tests.fuzz.target import NAMES, target_named

MOST_INPUTS = 300
MOST_BYTES = 300_000


@pytest.mark.parametrize("name", NAMES)
def test_every_input_of_the_corpus_keeps_the_promises(name: str) -> None:
    target = target_named(name)
    for data in corpus.inputs(name):
        target.check(data)


def test_each_file_of_the_corpus_belongs_to_a_target_and_each_target_has_one() -> None:
    assert {file.stem for file in corpus.FOLDER.iterdir()} == {*NAMES}
    assert all(corpus.read(name) for name in NAMES)


def test_the_corpus_is_small() -> None:
    assert sum(file.stat().st_size for file in corpus.FOLDER.iterdir()) <= MOST_BYTES
    assert max(len(corpus.read(name)) for name in NAMES) <= MOST_INPUTS


def test_whatever_is_written_is_read_again(tmp_path: Path) -> None:
    inputs = [b"\0", b"\n", b"%", b" a ", bytes(range(256))]
    corpus.write("any", inputs, tmp_path)
    assert corpus.read("any", tmp_path) == inputs
