"""The client's session against the bridge's own core, over a network that does as Hypothesis says.

Both are sans-IO. Frames and requests get lost, come late and come twice, sockets break anywhere,
sockets and requests take turns; after each step both ends must agree, and in the end all crosses.
"""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bridge.client.reply import Reply
from bridge.client.v1 import OpenFrame, V1Connection, refusal_in
from bridge.protocol.down_log import Batch
from bridge.protocol.framing import join
from tests.client.bridge_side import BANNED, BridgeSide, BridgeSocket, passable
from tests.client.samples import MAX_UNACKED_BYTES, new_session

messages = st.lists(
    st.sampled_from([b"", b"a", "é".encode(), b"x" * 90, b"y" * 99, BANNED]), min_size=1, max_size=9
)
by_socket = precondition(lambda self: self.connection is not None)


class Crossing(RuleBasedStateMachine):
    """`sent` and `said` are all messages ever, up and down; `popped` those that the program has."""

    def __init__(self) -> None:
        super().__init__()
        self.bridge = BridgeSide()
        self.session = new_session()
        self.sent: list[bytes] = []
        self.said: list[bytes] = []
        self.popped: list[bytes] = []
        self.sockets: list[BridgeSocket] = []
        self.connection: V1Connection | None = None
        self.late: list[Batch] = []
        self.now = 0.0

    # -- both ends

    @rule(new=messages)
    def send(self, new: list[bytes]) -> None:
        for message in new:
            self.sent.append(message)
            assert self.session.outbox.push(message) == len(self.sent)

    @rule(new=messages)
    def say(self, new: list[bytes]) -> None:
        self.said += new
        self.bridge.core.receive(join(new))

    @precondition(lambda self: self.session.holds)
    @rule()
    def pop(self) -> None:
        self.popped.append(self.session.pop())

    @rule(seconds=st.sampled_from([0.1, 1.0]))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds

    # -- by socket

    @rule()
    def attach(self) -> None:
        socket = BridgeSocket(self.bridge, self.session.ack)
        self.sockets.append(socket)
        opened = OpenFrame.read(socket.down.popleft())
        self.connection = V1Connection(self.session, opened, is_text=True)

    @by_socket
    @rule()
    def break_off(self) -> None:
        self.connection = None

    @by_socket
    @rule()
    def write(self) -> None:
        assert self.connection is not None
        self.sockets[-1].up.extend(self.connection.frames(self.now))

    @by_socket
    @rule(is_read=st.booleans())
    def push(self, is_read: bool) -> None:
        """The bridge writes what it has, and maybe all that it wrote is read at once."""
        self.sockets[-1].push()
        while is_read and self.sockets[-1].down:
            self.deliver_down()

    @precondition(lambda self: any(socket.up for socket in self.sockets))
    @rule(data=st.data())
    def deliver_up(self, data: st.DataObject) -> None:
        """Frames of a socket that broke may still arrive."""
        waiting = [socket for socket in self.sockets if socket.up]
        data.draw(st.sampled_from(waiting)).deliver_up()

    @precondition(lambda self: self.connection is not None and self.sockets[-1].down)
    @rule()
    def deliver_down(self) -> None:
        assert self.connection is not None
        for refusal in self.connection.receive(self.sockets[-1].down.popleft()):
            assert self.sent[refusal.number - 1] == BANNED

    # -- by requests

    @precondition(lambda self: self.session.outbox.last > self.session.outbox.acknowledged)
    @rule(arrives=st.booleans(), is_answered=st.booleans())
    def post(self, arrives: bool, is_answered: bool) -> None:
        self.connection = None
        self.session.outbox.resume()
        batch = self.session.outbox.take()
        assert batch is not None
        if not arrives:
            self.late.append(batch)
            return
        reply = self.bridge.post(batch)
        if is_answered:
            self.settle(reply)

    @precondition(lambda self: self.late)
    @rule(data=st.data())
    def post_late(self, data: st.DataObject) -> None:
        """A request that was given up arrives all the same, maybe twice."""
        batch = data.draw(st.sampled_from(self.late))
        if batch.first <= self.bridge.core.up.accepted + 1:
            self.bridge.post(batch)

    @rule(is_answered=st.booleans())
    def poll(self, is_answered: bool) -> None:
        self.connection = None
        reply = self.bridge.poll(self.session.ack)
        if is_answered and reply.first is not None:
            self.session.receive(reply.first, reply.body)

    def settle(self, reply: Reply) -> None:
        assert reply.ack is not None
        self.session.outbox.acknowledge(reply.ack)
        refusal = refusal_in(reply.document)
        if refusal is not None and self.session.refuse(refusal):
            assert self.sent[refusal.number - 1] == BANNED
        self.session.outbox.resume()

    # -- what must be true

    @invariant()
    def down_messages_arrive_once_and_in_order(self) -> None:
        assert self.popped == self.said[: len(self.popped)]
        assert self.session.received <= len(self.said)

    @invariant()
    def up_messages_arrive_once_and_in_order(self) -> None:
        accepted = self.sent[: self.bridge.core.up.accepted]
        assert self.bridge.stream == passable(accepted)

    @invariant()
    def nothing_counts_as_accepted_that_is_not(self) -> None:
        outbox = self.session.outbox
        assert outbox.acknowledged <= self.bridge.core.up.accepted <= outbox.sent <= outbox.last

    @invariant()
    def no_more_is_on_its_way_than_the_bridge_allows(self) -> None:
        outbox = self.session.outbox
        unacknowledged = self.sent[outbox.acknowledged : outbox.sent]
        assert len(join(unacknowledged)) <= MAX_UNACKED_BYTES

    def teardown(self) -> None:
        """Once nothing breaks any more, all of it crosses, by the socket that there is."""
        if self.connection is None:
            self.attach()
        for _ in range(2 * (len(self.sent) + len(self.said)) + 4):
            self.now += 1
            self.write()
            while self.sockets[-1].up:
                self.sockets[-1].deliver_up()
            self.push(is_read=True)
            while self.session.holds:
                self.pop()
        assert self.popped == self.said
        assert self.bridge.stream == passable(self.sent)
        assert self.session.outbox.is_empty
        assert not self.bridge.core.down.holds


TestCrossing = pytest.mark.timeout(120)(Crossing.TestCase)
TestCrossing.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)


def test_a_request_that_arrives_late_shifts_no_number_of_a_socket() -> None:
    """The order of events that needs `acknowledge_taken`, which chance finds rarely."""
    crossing = Crossing()
    crossing.send([b"a", b"b"])
    crossing.post(arrives=False, is_answered=False)
    crossing.attach()
    crossing.bridge.post(crossing.late[0])
    crossing.push(is_read=True)
    crossing.send([b"c"])
    crossing.teardown()


def test_what_a_program_took_before_a_socket_brings_it_again_is_acknowledged_in_the_end() -> None:
    """The bridge skips nothing on a socket, so an acknowledgement that comes too early is lost."""
    crossing = Crossing()
    crossing.say([b"x" * 90, b"y" * 99])
    crossing.poll(is_answered=True)
    assert not crossing.session.has_room
    crossing.attach()
    crossing.pop()
    crossing.pop()
    crossing.teardown()
