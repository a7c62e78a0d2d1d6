"""YAML text to plain values, with PyYAML's safe loader made stricter.

PyYAML takes a key given twice and keeps the last; here it is a fault. A date stays text, since no
key holds one.
"""

from collections.abc import Hashable
from typing import Any, Final

import yaml

from bridge.config.syntax import located
from bridge.config.wording import quoted

MAX_NUMBER_BITS: Final = 1023
"""Of a whole number; beyond it no decimal number is as large, and no text of it can be shown."""


class DocumentError(ValueError):
    """The text is not YAML; `line` and `column` count from 1, as editors do."""

    def __init__(self, line: int, column: int, fault: str) -> None:
        super().__init__(fault)
        self.line = line
        self.column = column


def read_document(text: str) -> object:
    """The one document of the text as plain values, `None` if there is none.

    Raises `DocumentError` at the first place that is not YAML.
    """
    try:
        return yaml.load(text, Loader=_StrictLoader)  # a safe loader by descent
    except yaml.reader.ReaderError as error:
        raise _unreadable(text, error) from error
    except yaml.MarkedYAMLError as error:
        raise DocumentError(*located(text, error)) from error
    except RecursionError as error:
        raise DocumentError(1, 1, "nested too deep; three levels are enough") from error


class _StrictLoader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        first: dict[tuple[str, str], yaml.Mark] = {}
        pairs = node.value if node.id == "mapping" else ()  # `!!set text`
        for key, _ in pairs:
            if not isinstance(key, yaml.ScalarNode):
                continue
            before = first.setdefault((key.tag, key.value), key.start_mark)
            if before is not key.start_mark:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {quoted(key.value)} is given twice, "
                    f"first in line {before.line + 1}; keep one of them",
                    problem_mark=key.start_mark,
                )
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            value = super().construct_object(node, deep)
        except (ValueError, LookupError, ArithmeticError) as error:  # `!!bool maybe`, `!!int ""`
            raise _misfit(node) from error
        if not _is_sound(value):
            raise _misfit(node)
        return value

    def construct_text(self, node: yaml.ScalarNode) -> str:
        return str(node.value)


def _is_sound(value: object) -> bool:
    """Whether a scalar can be compared, shown and written down."""
    match value:
        case int():
            return value.bit_length() <= MAX_NUMBER_BITS
        case str():
            return not any("\ud800" <= character <= "\udfff" for character in value)
        case _:
            return True


def _misfit(node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(
        problem="the value does not fit its type; write a plain one",
        problem_mark=node.start_mark,
    )


_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", _StrictLoader.construct_text)


def _unreadable(text: str, error: yaml.reader.ReaderError) -> DocumentError:
    before = text[: error.position]
    column = error.position - before.rfind("\n")
    fault = f"the character U+{ord(text[error.position]):04X} is not allowed; remove it"
    return DocumentError(before.count("\n") + 1, column, fault)
