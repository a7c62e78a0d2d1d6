"""What a daemon's configuration adds to a TCP connection."""

import pytest

from bridge.config.networks import PRIVATE_NETWORKS
from bridge.errors import Problem
from bridge.host.never import Forbidden
from bridge.tunnel.approach import Approach
from tests.support.daemon import ScriptedDaemon
from tests.tunnel.conftest import Dial


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_daemon_whose_name_leads_inward_is_unreachable(
    dial: Dial, daemon: ScriptedDaemon, host: str
) -> None:
    with pytest.raises(Problem) as caught:
        await dial(Approach(never=PRIVATE_NETWORKS), host=host)
    assert caught.value.code == "daemon-unreachable"
    assert isinstance(caught.value.__cause__, Forbidden)
    assert daemon.connections == []
