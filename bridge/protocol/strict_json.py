"""JSON as RFC 8259 has it: the standard library reads `NaN` and `Infinity`, too."""

import json
from typing import Final, NoReturn


def refuse_constant(_name: str) -> NoReturn:
    """Raises `ValueError`: it is no JSON."""
    raise ValueError


DECODER: Final = json.JSONDecoder(parse_constant=refuse_constant)
