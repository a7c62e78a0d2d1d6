"""Carries a session by long-poll: each request says what has arrived, so that the bridge gives the
rest, or all of it again."""

from bridge.client.carried import Carried, first_outcome
from bridge.client.outcome import Outcome
from bridge.client.reply import judge
from bridge.client.sender import Sender, learn, until_room
from bridge.client.session import Session


async def carry_by_polls(carried: Carried, session: Session) -> Outcome:
    """Until a request fails, or the session ends."""
    polls = Polls(carried, session)
    return await first_outcome(polls.receive(), Sender(carried, session, polls).send())


class Polls:
    """Receives by long-poll."""

    def __init__(self, carried: Carried, session: Session) -> None:
        self._carried = carried
        self._session = session
        self.is_working = False

    async def receive(self) -> Outcome:
        """Until a poll fails. Raises `Missing`."""
        # The first one comes back at once: it shows whether requests get through at all.
        wait_s = 0.0
        while True:
            await until_room(self._carried, self._session)
            reply = await self._carried.endpoint.receive(self._session, wait_s)
            learn(self._carried, self._session, reply)
            if not reply.has_arrived:
                return judge(reply, worked=self.is_working)
            self.is_working = True
            if reply.first is not None:
                self._session.receive(reply.first, reply.body)
                self._carried.changes.notify()
            self._carried.works("long-poll")
            wait_s = self._session.opening.wait_s
