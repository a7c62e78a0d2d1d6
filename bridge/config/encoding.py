"""Encodings that a daemon may speak besides UTF-8.

All of them have one zero byte, that of the zero character, and the bytes of markup belong to
nothing else: so messages stay messages, and what a check has seen as text is text to a daemon that
looks at bytes alone. UTF-16 has zero bytes everywhere, ISO-2022 and HZ have `<` inside of other
characters.
"""

import codecs
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field

from bridge.config.wording import quoted

UTF_8: Final = "utf-8"

# By the names that Python's codecs have.
SINGLE_BYTE: Final = (
    "ascii",
    *(f"iso8859-{part}" for part in range(1, 17) if part != 12),
    *(f"cp125{part}" for part in range(9)),
    *("cp437", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858"),
    *("cp860", "cp861", "cp862", "cp863", "cp865", "cp866", "cp869", "cp874"),
    *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "mac-greek", "mac-turkish", "mac-latin2"),
)
MULTI_BYTE: Final = (
    *("shift_jis", "cp932", "euc_jp"),
    *("gb2312", "gbk", "gb18030", "big5", "big5hkscs", "cp950"),
    *("euc_kr", "cp949"),
)
ENCODINGS: Final = (UTF_8, *SINGLE_BYTE, *MULTI_BYTE)

FORM: Final = "an encoding like windows-1252 or shift_jis"


def _known(name: str) -> str:
    """Python's own name of the encoding."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise ValueError(f"{quoted(name)} is not known; write {FORM}") from error
    if known not in ENCODINGS:
        raise ValueError(f"{quoted(name)} cannot be told from markup and zero bytes; write {FORM}")
    return known


def check_encodable(text: str, encoding: str) -> None:
    """Raises `ValueError` for a text with a character that the encoding does not have."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise ValueError(
            f"{quoted(character)} is not in {encoding}; write something else"
        ) from error


Encoding: TypeAlias = Annotated[str, AfterValidator(_known), Field(description=FORM)]
EncodingErrors: TypeAlias = Annotated[
    Literal["strict", "replace"], Field(description="strict or replace")
]
