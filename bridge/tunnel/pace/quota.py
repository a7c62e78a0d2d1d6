"""One bucket of a rate, by the name under which clients hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from bridge.errors import Problem
from bridge.tunnel.pace.rate import Rate

BYTES_UNIT: Final = ';qu="content-bytes"'
"""The quota unit of the draft for bytes; it has none for messages."""


class Crowded(Exception):
    """Who has too much, and by which key of the configuration: the cause of the problem, for the
    log alone."""

    def __init__(self, limit: str, whose: str) -> None:
        super().__init__(f"{limit} of {whose}")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Quota:
    """What one `key` may take of a `rate`; `policy` is the name of the rule for clients, `limit`
    the one that it has in the configuration."""

    policy: str
    limit: str
    rate: Rate
    key: str
    of_bytes: bool = False

    def wait_s(self, now: float) -> float:
        """How long until anything may be taken."""
        return self.rate.wait_s(self.key, now)

    def take(self, now: float, amount: float = 1) -> None:
        """So many, whether they are there or not."""
        self.rate.take(self.key, now, amount)

    @property
    def rule(self) -> str:
        """The member for it of the field `RateLimit-Policy`."""
        unit = BYTES_UNIT if self.of_bytes else ""
        return f'"{self.policy}";q={int(self.rate.burst)};w={ceil(self.rate.window_s)}{unit}'

    def state(self, now: float) -> str:
        """The member of the field `RateLimit`: how many are left (`r`), and in how many seconds
        (`t`) all will be there again."""
        left, fills_in_s = self.rate.left(self.key, now), self.rate.fills_in_s(self.key, now)
        return f'"{self.policy}";r={left};t={ceil(fills_in_s)}'

    def refusal(self, detail: str, wait_s: float) -> Problem:
        """`rate-limited` for so long, as nothing is left."""
        later_s = max(ceil(wait_s), 1)
        problem = Problem(
            "rate-limited",
            detail,
            retry_after_s=later_s,
            headers={
                "RateLimit-Policy": self.rule,
                "RateLimit": f'"{self.policy}";r=0;t={later_s}',
            },
        )
        problem.__cause__ = Crowded(self.limit, self.key)
        return problem


def rate_limit_fields(quotas: Sequence[Quota], now: float) -> dict[str, str]:
    """The header fields of draft-ietf-httpapi-ratelimit-headers; none without quotas."""
    if not quotas:
        return {}
    return {
        "RateLimit-Policy": ", ".join(quota.rule for quota in quotas),
        "RateLimit": ", ".join(quota.state(now) for quota in quotas),
    }
