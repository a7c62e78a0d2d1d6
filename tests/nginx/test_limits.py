"""The limits in nginx/ leave those of the bridge to the bridge, as long as neither is changed."""

import re

import pytest

from bridge.config import Config
from tests.support.nginx import SHIPPED

UNITS = {"s": 1, "m": 1 << 20}  # seconds of a time, MiB of a size


def shipped(directive: str) -> int:
    text = (SHIPPED / "location.conf").read_text()
    (found,) = re.findall(rf"^{directive} +(\d+)([sm]);", text, re.MULTILINE)
    return int(found[0]) * UNITS[found[1]]


@pytest.mark.parametrize("directive", ["proxy_read_timeout", "proxy_send_timeout"])
@pytest.mark.parametrize(
    "key",
    [
        "wait_s",
        "heartbeat_s",
        "connect_timeout_s",
        "slow_client_s",
        "slow_daemon_s",
        "body_timeout_s",
    ],
)
def test_silence_may_last_longer_than_the_bridge_keeps_it(directive: str, key: str) -> None:
    assert shipped(directive) > Config.model_fields[key].default


def test_bodies_may_be_larger_than_the_bridge_takes_them() -> None:
    assert shipped("client_max_body_size") > Config.model_fields["max_body_bytes"].default
