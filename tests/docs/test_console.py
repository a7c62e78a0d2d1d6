"""Reading worked examples and comparing output: what is told apart, and what is not."""

import pytest

from tests.docs.console import Example, examples_in, matches

DOCUMENT = """\
# Title

```console
$ one
first

second
$ two
```

```sh
$ not an example
```

```console
$ three
3
```
"""


def test_each_command_has_the_output_behind_it_and_its_line() -> None:
    assert list(examples_in(DOCUMENT)) == [
        Example(4, "one", "first\n\nsecond"),
        Example(8, "two", ""),
        Example(16, "three", "3"),
    ]


def test_a_block_that_begins_with_output_is_no_example() -> None:
    with pytest.raises(ValueError, match="line 2: "):
        list(examples_in("```console\noutput\n$ command\n```\n"))


@pytest.mark.parametrize(
    ("expected", "output"),
    [
        ("", ""),
        ("a", "a\n"),
        ("a", "a\r\n\r\n"),
        ("a\n\nb", "a  \n\nb"),
        ("id: ...!", "id: 7!"),
        ("...", ""),
        ("a\n...\nz", "a\nz"),
        ("a\n...\nz", "a\nb\nc\nz"),
        ("[.*]", "[.*]"),
    ],
)
def test_output_that_is_as_written(expected: str, output: str) -> None:
    assert matches(expected, output)


@pytest.mark.parametrize(
    ("expected", "output"),
    [
        ("", "a"),
        ("a", ""),
        ("a", "b"),
        ("a", "a\nb"),
        ("a\nb", "a"),
        ("a\nb", "a\n\nb"),
        (" a", "a"),
        ("id: ...!", "id: 7\n!"),
        ("a\n...\nz", "a\nb"),
        ("[.*]", "[ab]"),
    ],
)
def test_output_that_is_not_as_written(expected: str, output: str) -> None:
    assert not matches(expected, output)
