"""`POST /v1/tickets`: a token is changed into a word that admits once, for clients that can set no
header where they open."""

from aiohttp import web

from bridge.auth.authentication import Authentication
from bridge.auth.tickets import TICKET_S
from bridge.http.answer import Answer
from bridge.http.bodies import json_answer
from bridge.http.credentials import token_given
from bridge.http.gate import Gate


class TicketDesk:
    """Issues tickets."""

    def __init__(self, gate: Gate, authentication: Authentication) -> None:
        self._gate = gate
        self._authentication = authentication

    async def issue(self, request: web.Request) -> Answer:
        """201 with a ticket for what the token is good for."""
        self._gate.check_origin(request, None)
        ticket = self._authentication.issue_ticket(token_given(request))
        return json_answer({"ticket": ticket, "expires_in_s": TICKET_S}, status=201)
