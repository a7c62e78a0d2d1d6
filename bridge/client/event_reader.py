"""Reading `text/event-stream` (WHATWG HTML, section 9.2) as the bridge writes it, cut anywhere."""

from dataclasses import dataclass
from typing import Final

BLANK: Final = b"\n\n"


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """`name` is `message` unless the stream says otherwise; `number` is its id."""

    name: str
    number: int | None
    data: bytes


class EventReader:
    """Feed it the stream."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[StreamEvent]:
        """The events that these bytes complete; comments are none."""
        *blocks, self._held = (self._held + data).split(BLANK)
        return [event for block in blocks if (event := read_block(block)) is not None]


def read_block(block: bytes) -> StreamEvent | None:
    """One event, or `None` for what has no data."""
    fields = dict(field(line) for line in block.split(b"\n"))
    if b"data" not in fields:
        return None
    number = fields.get(b"id", b"")
    return StreamEvent(
        fields.get(b"event", b"message").decode(errors="replace"),
        int(number) if number.isdigit() else None,
        fields[b"data"],
    )


def field(line: bytes) -> tuple[bytes, bytes]:
    """Name and value; the name of a comment is empty."""
    name, _, value = line.partition(b":")
    return name, value.removeprefix(b" ")
