"""How much the logs of all sessions may hold together."""


class Budget:
    """`held_bytes` is kept by the sessions; above `limit_bytes` lagging clients' daemons are paused
    at once and no session is opened."""

    __slots__ = ("held_bytes", "limit_bytes")

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.held_bytes = 0

    @property
    def exceeded(self) -> bool:
        """Whether the logs hold more than they may."""
        return self.held_bytes > self.limit_bytes
