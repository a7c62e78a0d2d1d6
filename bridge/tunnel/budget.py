"""How much all sessions and requests of one process may hold together."""


class Budget:
    """`held_bytes` is the sum of all shares. Above `limit_bytes` lagging clients' daemons are
    paused at once, no session is opened, and no request's body is read on."""

    __slots__ = ("held_bytes", "limit_bytes")

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.held_bytes = 0

    @property
    def exceeded(self) -> bool:
        """Whether more is held than may be."""
        return self.held_bytes > self.limit_bytes


class Share:
    """What one session or request holds of a budget: `held_bytes`."""

    __slots__ = ("_budget", "held_bytes")

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.held_bytes = 0

    def settle(self, held_bytes: int) -> None:
        """It holds so much now. Whoever goes leaves with 0."""
        self._budget.held_bytes += held_bytes - self.held_bytes
        self.held_bytes = held_bytes
