"""Where a daemon has a schema, only messages that fit it get there."""

import pytest

from tests.support.bridge import RunningBridge, StartBridge
from tests.support.clients import Client
from tests.support.configured import MakeConfig
from tests.support.daemon import ScriptedDaemon
from tests.support.sockets import open_v1

SCHEMA = """<grammar xmlns="http://relaxng.org/ns/structure/1.0">
  <start>
    <element name="say"><text/></element>
  </start>
</grammar>
"""
REFUSAL = "the message does not fit line 3 of game.rng: Did not expect element b there"


@pytest.fixture(scope="module")
def bridge(
    start_bridge: StartBridge, config: MakeConfig, tmp_path_factory: pytest.TempPathFactory
) -> RunningBridge:
    path = tmp_path_factory.mktemp("schema") / "game.rng"
    path.write_text(SCHEMA)
    daemons = config()["daemons"]
    return start_bridge(
        config(daemons={"game": {"address": daemons["strict"]["address"], "schema": str(path)}})
    )


async def test_a_message_that_does_not_fit_is_refused_with_the_line_of_the_schema(
    client: Client, daemon: ScriptedDaemon
) -> None:
    session = await client.open("game")
    answer = await session.send(b"<say>hello</say>", b"", b"<say><b/></say>", first=1)
    problem = answer.problem(400, "not-well-formed")
    assert (problem["message"], problem["detail"]) == (3, REFUSAL)
    await session.send(b"<say>bye</say>", first=4)
    await (await daemon.accepted()).received_messages(b"<say>hello</say>", b"", b"<say>bye</say>")


async def test_a_socket_is_told_the_same_by_reject(client: Client, daemon: ScriptedDaemon) -> None:
    socket = await open_v1(client, "game")
    await socket.send(b"<say><b/></say>", b"<say>hello</say>")
    rejected = await socket.told("reject")
    assert rejected == {"message": 1, "code": "not-well-formed", "detail": REFUSAL}
    await (await daemon.accepted()).received_messages(b"<say>hello</say>")
