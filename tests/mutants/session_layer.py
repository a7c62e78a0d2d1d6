"""Faults of the kind that bridges have, put into the session layer by hand, each with the test
that must notice.

A mutation tester changes operators and constants; it would not think of these, which are whole
ideas of how it could be done.
"""

from typing import Final, NamedTuple


class Fault(NamedTuple):
    """`file` is below bridge/ and has `old` in it once; `test` is below tests/."""

    name: str
    file: str
    old: str
    new: str
    test: str


ENDS: Final = "tunnel/test_session_ends.py::test_"
LIMITS: Final = "tunnel/test_session_limits.py::test_"
LOG: Final = "protocol/down_log.py"
REGISTRY: Final = "tunnel/registry.py"
SESSION: Final = "tunnel/session.py"
RECEIVERS: Final = "tunnel/test_receivers.py::test_"
SESSIONS: Final = "tunnel/test_session.py::test_"

FAULTS: Final = [
    # -- down
    Fault(
        "an ack forgets one message too many",
        LOG,
        "while batches and batches[0].last <= number:",
        "while batches and batches[0].last <= number + 1:",
        "protocol/test_down_log.py::test_batches_are_forgotten_when_all_of_them_is_acknowledged",
    ),
    Fault(
        "a displaced receiver takes the log along",
        SESSION,
        "            displaced.displaced()\n",
        "            displaced.displaced()\n            self.core.down.drop()\n",
        RECEIVERS + "a_new_receiver_displaces_the_old_one_and_gets_all_that_is_unacknowledged",
    ),
    Fault(
        "delivered is forgotten",
        SESSION,
        "                receiver.deliver(batch)\n",
        "                receiver.deliver(batch)\n                down.acknowledge(batch.last)\n",
        RECEIVERS + "a_new_receiver_displaces_the_old_one_and_gets_all_that_is_unacknowledged",
    ),
    Fault(
        "the tail is lost at the end",
        "protocol/session_core.py",
        "if not ENDS[end.code].keeps_tail:",
        "if end:",
        ENDS + "a_tail_that_was_kept_is_delivered_to_whoever_comes_then_the_end",
    ),
    Fault(
        "the end is told before the tail",
        SESSION,
        "if not self.core.down.unsent and self.receiver is receiver and receiver.ready:",
        "if self.receiver is receiver:",
        ENDS + "a_receiver_that_is_not_ready_hears_the_end_behind_the_tail",
    ),
    Fault(
        "text is looked at as it comes, not by messages",
        "protocol/session_core.py",
        "if self.guard.is_text and not is_utf8(batch):",
        "if self.guard.is_text and not is_utf8(data):",
        RECEIVERS + "a_character_that_comes_in_two_pieces_is_whole",
    ),
    Fault(
        "an ack that overtakes a socket skips messages",
        SESSION,
        "if self.receiver is not None and down.cursor < number <= down.sent:",
        "if self.receiver is None and down.cursor < number <= down.sent:",
        RECEIVERS + "acknowledging_does_not_take_from_an_attached_receiver_what_it_has_not_got",
    ),
    Fault(
        "a newer receiver has no more than the one before it had got",
        SESSION,
        "        self.acknowledge(after)\n",
        "        self._settle()\n",
        RECEIVERS + "a_new_receiver_has_what_it_says_though_the_one_before_had_not_got_it",
    ),
    Fault(
        "whoever was displaced detaches the newer receiver",
        SESSION,
        "if self.receiver is receiver:\n",
        "if self.receiver:\n",
        RECEIVERS + "a_displaced_receiver_that_goes_takes_nobody_along",
    ),
    Fault(
        "the last words before a reset are not read",
        "tunnel/daemon/connection.py",
        "pieces = [] if self._finishing else unread(self._transport)",
        "pieces: list[bytes] = []",
        ENDS + "the_last_words_before_a_reset_are_delivered_when_a_write_fails_first",
    ),
    Fault(
        "the end overtakes last words that wait for their turn",
        "tunnel/daemon/connection.py",
        "            self._hear_rest()\n            self._sink.daemon_closed()\n",
        "            self._sink.daemon_closed()\n",
        "tunnel/test_daemon_connection.py::"
        "test_what_waits_for_its_turn_is_heard_before_the_daemons_end",
    ),
    Fault(
        "the tail of a socket has no more time when its client reads",
        "http/bound_socket.py",
        "        if self._session.core.is_open:\n",
        "        if self._session.core.down.last:\n",
        "tunnel/test_bound_socket.py::"
        "test_a_client_that_reads_the_tail_piece_by_piece_has_the_whole_time_for_each",
    ),
    # -- up
    Fault(
        "the end of a socket overtakes messages that wait for their turn",
        "http/websocket.py",
        "        return self._is_queued\n",
        "        return False\n",
        "http/test_websocket.py::"
        "test_what_waits_for_its_turn_is_heard_before_the_end_of_the_connection",
    ),
    Fault(
        "a retry is sent to the daemon again",
        "protocol/up_log.py",
        "        known = self.accepted + 1 - first\n",
        "        known = 0\n",
        SESSIONS + "what_the_client_sends_reaches_the_daemon_once",
    ),
    Fault(
        "a refusal is not remembered",
        "protocol/up_log.py",
        "            return refusal\n",
        "            return None\n",
        "tunnel/test_sending.py::test_"
        "a_retry_that_covers_the_refusal_gets_the_same_answer_and_sends_nothing",
    ),
    Fault(
        "a refusal overtakes the messages before it",
        "protocol/up_log.py",
        """\
            if fault_start > start:
                yield self._accept(batch[start:fault_start])
            yield self.refuse(fault)
""",
        """\
            yield self.refuse(fault)
            if fault_start > start:
                yield self._accept(batch[start:fault_start])
""",
        SESSIONS + "who_stops_at_a_refusal_sends_nothing_of_what_is_behind_it",
    ),
    Fault(
        "a reject goes out before the open frame",
        "transports/websocket_v1.py",
        """\
        connection.send(TEXT, opening)
        if up.refusal is not None:
            connection.send(TEXT, control.reject(up.refusal))
""",
        """\
        if up.refusal is not None:
            connection.send(TEXT, control.reject(up.refusal))
        connection.send(TEXT, opening)
""",
        "contract/test_websocket_v1.py::test_"
        "a_reject_is_repeated_after_the_open_frame_of_an_attach",
    ),
    Fault(
        "a POST without wait displaces the receiver",
        "transports/long_poll.py",
        "            receives = wait_s > 0\n",
        "            receives = True\n",
        "contract/test_send.py::test_without_wait_a_send_displaces_nobody",
    ),
    Fault(
        "sends get into each other",
        "tunnel/sends.py",
        "async with asyncio.timeout_at(latest), self._accepting:",
        "async with asyncio.timeout_at(latest), asyncio.Lock():",
        "tunnel/test_sending.py::test_two_sends_do_not_get_into_each_other",
    ),
    Fault(
        "what was accepted is not flushed at the end",
        "tunnel/daemon/connection.py",
        "            self._transport.write_eof()\n",
        "            self._transport.abort()\n",
        ENDS + "ending_flushes_what_was_accepted_and_closes_the_connection",
    ),
    # -- limits
    Fault(
        "the daemon of a full log is read on",
        SESSION,
        "            self._connection.pause()\n",
        "",
        LIMITS + "the_daemon_of_a_full_log_is_not_read_until_the_client_has_acknowledged",
    ),
    Fault(
        "a daemon that was paused is never read again",
        SESSION,
        "            self._connection.resume()\n",
        "",
        LIMITS + "the_daemon_of_a_full_log_is_not_read_until_the_client_has_acknowledged",
    ),
    Fault(
        "a client that has caught up is slow all the same",
        SESSION,
        "            self._slow_client.cancel()\n            self._connection",
        "            self._connection",
        LIMITS + "a_client_that_acknowledges_in_time_is_not_slow",
    ),
    Fault(
        "a request does not keep its session",
        SESSION,
        "        self._requests += 1\n        self._abandoned.suspend()\n",
        "        self._requests += 1\n",
        LIMITS + "a_session_is_not_abandoned_while_a_request_is_in_progress",
    ),
    Fault(
        "a receiver does not keep its session",
        SESSION,
        "            self._abandoned.cancel()\n        if displaced",
        "            pass\n        if displaced",
        LIMITS + "a_session_with_a_receiver_is_not_abandoned",
    ),
    Fault(
        "what was held weighs on the others for ever",
        "tunnel/budget.py",
        "self._budget.held_bytes += held_bytes - self.held_bytes",
        "self._budget.held_bytes += max(0, held_bytes - self.held_bytes)",
        SESSIONS + "what_was_acknowledged_or_dropped_weighs_on_nobody",
    ),
    # -- names
    Fault(
        "an id opens a session without its key",
        REGISTRY,
        "            or not hmac.compare_digest(session.key.encode(), given)\n",
        "",
        "tunnel/test_registry.py::test_a_wrong_key_is_answered_like_an_unknown_id",
    ),
    Fault(
        "an id is given to two sessions",
        REGISTRY,
        "{secrets.token_urlsafe(ID_BYTES)}",
        "{ID_BYTES}",
        "tunnel/test_registry.py::test_no_two_sessions_have_an_id_or_a_key_in_common",
    ),
    Fault(
        "the code of an ended session is forgotten at once",
        REGISTRY,
        "loop.call_later(self._config.resume_s, self._forget, session)",
        "loop.call_later(0, self._forget, session)",
        "tunnel/test_registry.py::test_a_session_that_has_ended_is_kept_for_its_time",
    ),
]
