"""Opening and closing a session, for clients that then poll, stream or attach a socket."""

from aiohttp import web

from bridge.http.answer import Answer
from bridge.http.bodies import json_answer
from bridge.http.client_address import client_of
from bridge.http.gate import Gate
from bridge.tunnel.terms import terms_of


class Sessions:
    """`POST /v1/daemons/{daemon}/sessions`, `DELETE /v1/sessions/{id}`, `GET /v1/daemons`."""

    def __init__(self, gate: Gate, base_path: str) -> None:
        self._gate = gate
        self._base_path = base_path

    async def open(self, request: web.Request) -> Answer:
        """201 once the daemon's connection stands."""
        daemon = self._gate.daemon(request)
        registry, client = self._gate.registry, client_of(request)
        session = await registry.open(daemon, "long-poll", client=client)
        location = f"{self._base_path}v1/sessions/{session.id}"
        headers = {"Location": location, **registry.opening_fields(client)}
        return json_answer(terms_of(session), status=201, headers=headers)

    async def close(self, request: web.Request) -> Answer:
        """204, also when it has ended before."""
        self._gate.session(request).close()
        return Answer(204)

    async def list_daemons(self, request: web.Request) -> Answer:
        """The daemons that this page may reach."""
        daemons = [
            {"name": daemon.name, "messages": daemon.guard.kind, "aliases": daemon.aliases}
            for daemon in self._gate.directory
            if self._gate.allows(request, daemon.name)
        ]
        return json_answer({"daemons": daemons})
