"""4: the reserved opcodes mean nothing yet, so no frame may carry one."""

from typing import Final

from tests.rfc6455.frame import Frame
from tests.rfc6455.table.case import PROTOCOL_ERROR, Case, more, ping, text

DATA: Final = range(0x3, 0x8)
CONTROL: Final = range(0xB, 0x10)


def row(name: str, *send: Frame, messages: tuple[bytes, ...] = ()) -> Case:
    """The reserved opcode fails the connection."""
    return Case(f"4 {name}", "5.2", send, messages, status=PROTOCOL_ERROR)


CASES: Final = [
    *(row(f"opcode {code:#x}, empty", Frame(code), ping()) for code in (*DATA, *CONTROL)),
    *(row(f"opcode {code:#x}, with payload", Frame(code, b"what?")) for code in (*DATA, *CONTROL)),
    *(
        row(
            f"opcode {code:#x} after a text",
            text(b"sound"),
            Frame(code),
            text(b"late"),
            messages=(b"sound",),
        )
        for code in (*DATA, *CONTROL)
    ),
    *(
        row(f"opcode {code:#x} among fragments", text(fin=False), Frame(code), more())
        for code in (*DATA, *CONTROL)
    ),
    *(row(f"opcode {code:#x}, not final", Frame(code, fin=False)) for code in (0x3, 0xB)),
]
