"""A session's core beside a model of it, which is a few lists and numbers.

Hypothesis thinks of what may happen to a session, in any order: the daemon's bytes cut anywhere, a
client that takes, acknowledges, comes back at any number and sends things twice, every way to end.
After each step both must say the same. test_model_coverage.py shows that no branch of the core is
left out.
"""

from itertools import islice, product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bridge.errors import ENDS, CloseCode, End
from bridge.protocol.charset import Charset
from bridge.protocol.checks import Kind
from bridge.protocol.down_log import Gap
from bridge.protocol.framing import join
from bridge.protocol.lifecycle import IllegalTransition, State
from bridge.protocol.session_core import SessionCore
from bridge.protocol.up_log import TooFarAhead
from tests.protocol.model.down import DownModel
from tests.protocol.model.stream import LIMIT, readable
from tests.protocol.model.up import BANNED, UpModel, guard_of, plain

SOUND = [b"", b"a", b"bcd", "é".encode(), b"x" * LIMIT]
NOT_UTF8 = [b"\xff", b"a\xc3", b"\xa9"]
TOO_BIG = [b"x" * (LIMIT + 1), b"y" * 9]

sound = st.lists(st.sampled_from(SOUND), min_size=1, max_size=5)
anything = st.lists(st.sampled_from([*SOUND, *NOT_UTF8, *TOO_BIG, BANNED]), max_size=5)

is_open = precondition(lambda self: self.state is State.OPEN)
was_sent = precondition(lambda self: self.down.sent > 0)
is_ended = precondition(lambda self: self.state is State.ENDED)
may_end = precondition(lambda self: self.state is State.OPEN and self.carried >= self.quota)


class SessionAgainstModel(RuleBasedStateMachine):
    """One session, from its opening until nothing is left of it."""

    @initialize(
        kind=st.sampled_from(["text", "bytes", "xml"]),
        framed=st.sampled_from([True, True, False]),
        is_decoded=st.booleans(),
        quota=st.sampled_from([0, 0, 10]),
        greeting=st.lists(st.sampled_from(SOUND), max_size=5),
    )
    def open(
        self, kind: Kind, framed: bool, is_decoded: bool, quota: int, greeting: list[bytes]
    ) -> None:
        """What is decoded here is UTF-8 already, so that it makes no difference; test_charset.py
        has other encodings."""
        charset = Charset("utf-8", "strict", LIMIT) if is_decoded else None
        charset = charset if framed and kind != "bytes" else None
        self.core = SessionCore(guard_of(kind), framed=framed, charset=charset)
        self.quota = quota  # nothing ends the session before it has carried so many messages
        self.state = State.OPEN
        self.end: End | None = None
        self.down = DownModel()
        self.up = UpModel(kind)
        self.stream = b""
        self.on_its_way = b""
        self.read = 0
        self.daemon_sends(greeting, cut=0, kept_back=0)
        self.receiver_takes(1)

    @property
    def carried(self) -> int:
        return self.down.last + self.up.accepted

    @property
    def unfinished(self) -> bytes:
        """The beginning of a message that may still come to its end."""
        is_read = self.core.is_framed and self.state is State.OPEN
        return self.stream.rpartition(b"\0")[2] if is_read else b""

    # -- the daemon speaks

    @is_open
    @rule(messages=sound, cut=st.integers(0, 9), kept_back=st.integers(0, 3))
    def daemon_sends(self, messages: list[bytes], cut: int, kept_back: int) -> None:
        """The stream is cut anywhere: what is kept back comes with the next bytes."""
        data = self.on_its_way + join(messages)
        arriving = max(0, len(data) - kept_back)
        self.on_its_way = data[arriving:]
        for piece in (data[:arriving][:cut], data[:arriving][cut:]):
            if piece:
                self.arrive(piece)

    @may_end
    @rule(before=sound, bad=st.sampled_from(NOT_UTF8), behind=anything)
    def daemon_sends_what_is_not_utf8(
        self, before: list[bytes], bad: bytes, behind: list[bytes]
    ) -> None:
        self.break_a_rule([*before, bad, *behind])

    @may_end
    @rule(before=sound, bad=st.sampled_from(TOO_BIG), behind=anything)
    def daemon_sends_too_much(self, before: list[bytes], bad: bytes, behind: list[bytes]) -> None:
        self.break_a_rule([*before, bad, *behind])

    def break_a_rule(self, messages: list[bytes]) -> None:
        data, self.on_its_way = self.on_its_way + join(messages), b""
        self.arrive(data)

    def arrive(self, data: bytes) -> None:
        """What the session does with the daemon's bytes: log them, end if they are bad."""
        self.stream += data
        if not self.core.is_framed:
            assert self.core.receive(data) is None
            self.down.append([data])
            return
        messages, code = readable(self.stream, self.core.guard.is_text)
        assert self.core.receive(data) == code
        self.down.append([message + b"\0" for message in messages[self.read :]])
        self.read = len(messages)
        if code is not None:
            self.finish(code)

    # -- the client receives

    @rule(batches=st.integers(1, 3))
    def receiver_takes(self, batches: int) -> None:
        for _ in range(batches):
            assert self.core.down.take() == self.down.take()

    @was_sent
    @rule(data=st.data())
    def client_acknowledges(self, data: st.DataObject) -> None:
        """What it was sent, also what it has acknowledged before."""
        number = data.draw(st.integers(0, self.down.sent))
        self.core.down.acknowledge(number)
        self.down.acknowledge(number)

    @was_sent
    @rule(data=st.data(), batches=st.integers(0, 2))
    def receiver_attaches(self, data: st.DataObject, batches: int) -> None:
        """Behind any message that it may have; what follows is handed out again."""
        number = data.draw(st.integers(self.down.acknowledged, self.down.sent))
        self.core.down.rewind(number)
        self.down.rewind(number)
        self.receiver_takes(batches)

    # -- the client sends

    @is_open
    @rule(messages=anything, back=st.integers(0, 4), wanted=st.integers(0, 11))
    def client_sends(self, messages: list[bytes], back: int, wanted: int) -> None:
        """From a number used up or from the next one; whoever sends may stop at any item."""
        first = max(1, self.up.accepted + 1 - back)
        self.core.up.check(first)
        offering = self.core.up.offer(first, join(messages))
        items = [plain(item) for item in islice(offering, wanted)]
        assert items == self.up.items(first, messages)[:wanted]
        for item in items:
            self.up.accept(item)

    @is_open
    @rule(messages=anything, back=st.integers(0, 1))
    def client_sends_what_may_pass_at_once(self, messages: list[bytes], back: int) -> None:
        """The next batch, unless it has to be looked at message by message."""
        first = max(1, self.up.accepted + 1 - back)
        batch = join(messages)
        items = self.up.items(first, messages)
        is_whole = self.up.kind != "xml" and len(batch) <= LIMIT + 1 and items in ([], [batch])
        passes = is_whole and first == self.up.accepted + 1
        assert self.core.up.accept(first, batch) is passes
        if passes:
            self.up.accept(batch)

    @is_open
    @rule()
    def client_sends_what_cannot_be_held(self) -> None:
        refusal = self.core.up.refuse(self.core.guard.oversize())
        assert plain(refusal) == (self.up.accepted + 1, "message-too-big")
        self.up.accept(plain(refusal))

    @is_open
    @rule(data=st.binary(max_size=2 * LIMIT))
    def client_sends_bytes(self, data: bytes) -> None:
        self.core.up.accept_bytes(data)
        self.up.accept(data)

    # -- the session ends

    @may_end
    @rule(code=st.sampled_from(CloseCode))
    def session_ends(self, code: CloseCode) -> None:
        self.finish(code)

    def finish(self, code: CloseCode) -> None:
        self.end = End(code, "why")
        self.core.finish(self.end)
        self.state = State.ENDED
        if not ENDS[code].keeps_tail:
            self.down.drop()

    @is_ended
    @rule()
    def client_wants_no_tail(self) -> None:
        self.core.down.drop()
        self.down.drop()

    @is_ended
    @rule()
    def session_is_forgotten(self) -> None:
        self.core.forget()
        self.state = State.FORGOTTEN
        self.down.drop()

    # -- what holds at all times

    @invariant()
    def the_numbers_are_in_order_and_agree(self) -> None:
        real, model = self.core.down, self.down
        assert 0 <= real.acknowledged <= real.cursor <= real.sent <= real.last
        numbers = (real.acknowledged, real.cursor, real.sent, real.last)
        assert numbers == (model.acknowledged, model.cursor, model.sent, model.last)

    @invariant()
    def what_is_held_is_accounted_for(self) -> None:
        real, model = self.core.down, self.down
        assert (real.holds, real.unsent) == (bool(model.held), bool(model.unsent))
        assert real.held_bytes == model.held_bytes
        assert self.core.held_bytes == model.held_bytes + len(self.unfinished)
        assert self.core.down_bytes == len(self.stream)

    @invariant()
    def the_daemon_got_each_good_message_once(self) -> None:
        real, model = self.core.up, self.up
        assert (real.accepted, real.accepted_bytes) == (model.accepted, len(model.stream))
        assert (real.refusal and plain(real.refusal)) == model.refusal

    @invariant()
    def the_state_is_what_was_made_of_it(self) -> None:
        core, is_over = self.core, self.state is not State.OPEN
        assert (core.state, core.end, core.is_open) == (self.state, self.end, not is_over)
        assert core.tail_received == (is_over and not self.down.held)
        ending = f"{self.state.name} {self.end.code}" if self.end else self.state.name
        down = f"<DownLog {self.down.last}/{self.down.acknowledged} held={self.down.held_bytes}>"
        assert repr(core) == f"<SessionCore {ending} {down} <UpLog {self.up.accepted}>>"

    @invariant()
    def nobody_gets_beyond_the_ends_of_the_log(self) -> None:
        down = self.down
        for number in (down.acknowledged, down.sent):
            self.core.down.check(number)
        for number in (down.acknowledged - 1, down.sent + 1):
            with pytest.raises(Gap):
                self.core.down.rewind(number)
        with pytest.raises(Gap):
            self.core.down.acknowledge(down.sent + 1)

    @invariant()
    def a_gap_in_what_the_client_sends_is_found(self) -> None:
        expected = self.up.accepted + 1
        self.core.up.check(expected)
        with pytest.raises(TooFarAhead) as caught:
            next(self.core.up.offer(expected + 1, b"a\0"))
        assert caught.value.expected == expected

    @invariant()
    def the_latest_refusal_is_told_again_to_a_retry_that_covers_it(self) -> None:
        number = self.up.refusal[0] if self.up.refusal else 1
        for first, following in product((number - 1, number, number + 1), repeat=2):
            refusal = self.core.up.remembered(first, following)
            covered = number in range(first, following)
            assert (refusal and plain(refusal)) == (self.up.refusal if covered else None)

    @invariant()
    def no_step_of_its_life_can_be_skipped_or_done_twice(self) -> None:
        if self.state is not State.OPEN:
            with pytest.raises(IllegalTransition):
                self.core.finish(End(CloseCode.KICKED, "again"))
        if self.state is not State.ENDED:
            with pytest.raises(IllegalTransition):
                self.core.forget()

    def teardown(self) -> None:
        """Nothing is lost: whoever comes back now gets all that is owed."""
        if not hasattr(self, "core"):
            return  # Hypothesis gave up before it was opened
        start = self.down.acknowledged
        self.core.down.rewind(start)
        owed = b""
        while (batch := self.core.down.take()) is not None:
            owed += batch.data
        assert owed == b"".join(self.down.entries[max(start, self.down.front) :])


SessionAgainstModel.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestSessionAgainstModel = SessionAgainstModel.TestCase
