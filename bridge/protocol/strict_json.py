"""JSON as RFC 8259 has it: the standard library reads `NaN` and `Infinity`, too."""

import json
from typing import Final, NoReturn


def refuse_constant(name: str) -> NoReturn:
    """Raises `ValueError`."""
    raise ValueError(f"{name} is no JSON")


DECODER: Final = json.JSONDecoder(parse_constant=refuse_constant)
