"""Who may connect to which daemon: the credential of an opening request is looked at here."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from bridge.auth.identity import Expired, Identity, NotNamed, Refused, Shown, checked_user
from bridge.auth.jwt_tokens import JwtTokens
from bridge.auth.published_keys import Fetch, PublishedKeys
from bridge.auth.tickets import Tickets
from bridge.auth.tokens import Tokens
from bridge.config import Config, ConfigError
from bridge.config.auth import Auth
from bridge.config.token_issuer import TokenIssuer
from bridge.errors import Problem

CHALLENGE: Final = 'Bearer realm="xmlsocket-bridge"'


class Lock:
    """What lets in to one daemon, where anything is asked for."""

    def __init__(
        self, daemon: str, tokens: Tokens, jwt: JwtTokens | None, user_header: str | None
    ) -> None:
        self.user_header: Final = user_header
        self._daemon = daemon
        self._tokens = tokens
        self._jwt = jwt

    @property
    def published(self) -> PublishedKeys | None:
        """The keys that are to be fetched for it."""
        keys = None if self._jwt is None else self._jwt.keys
        return keys if isinstance(keys, PublishedKeys) else None

    def identify(self, given: str) -> Identity:
        """Whose credential it is. Raises `Refused`."""
        identity = self._tokens.identify(given)
        if identity is not None:
            return identity
        if self._jwt is None:
            raise Refused("the token is not known")
        return self._jwt.identify(given, self._daemon)


class Authentication:
    """The locks by the daemons' names; a daemon without one is open to all."""

    def __init__(self, locks: Mapping[str, Lock]) -> None:
        self._locks = dict(locks)
        self._tickets = Tickets()
        self._fetching: asyncio.Task[None] | None = None

    async def start(self, fetch: Fetch) -> None:
        """Fetch the keys that are published, from now until `stop`; return after the first try."""
        published = {lock.published for lock in self._locks.values()}
        keys = [one for one in published if one is not None]
        self._fetching = asyncio.get_running_loop().create_task(run_all(keys, fetch))
        for one in keys:
            await one.tried()

    async def stop(self) -> None:
        """Fetch no more. Does nothing if it has not started."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    def user_header(self, daemon: str) -> str | None:
        """Where trusted proxies tell who is there; `None` where they are not heard."""
        lock = self._locks.get(daemon)
        return None if lock is None else lock.user_header

    def identify(self, shown: Shown, daemon: str) -> Identity | None:
        """Who opens, by a proxy's word, a token or a ticket, the first there is; `None` where
        nobody is asked.

        Raises `unauthenticated`, or `not-allowed` for a credential that is good elsewhere.
        """
        lock = self._locks.get(daemon)
        if lock is None:
            return None
        try:
            if shown.user is not None:
                return Identity(checked_user(shown.user))
            if shown.token is not None:
                return lock.identify(shown.token)
            if shown.ticket is not None:
                return self._tickets.redeem(shown.ticket, daemon)
        except NotNamed as reason:
            raise not_allowed(daemon) from reason
        except Refused as reason:
            raise not_good(reason) from reason
        raise not_shown(f"{daemon} is for those with a token") from Refused("no token")

    def issue_ticket(self, given: str | None) -> str:
        """A ticket for all daemons that the token is good for.

        Raises `unauthenticated` where there is none, or `rate-limited`.
        """
        if given is None:
            raise not_shown("a ticket is for those with a token") from Refused("no token")
        grants, reason = {}, Refused("the token is good for no daemon")
        for daemon, lock in self._locks.items():
            try:
                grants[daemon] = lock.identify(given)
            except Expired as expired:
                reason = expired
            except Refused:
                continue
        if not grants:
            raise not_good(reason) from reason
        return self._tickets.issue(grants)


async def run_all(keys: Iterable[PublishedKeys], fetch: Fetch) -> None:
    """Keep all of them fresh until cancelled."""
    async with asyncio.TaskGroup() as group:
        for one in keys:
            group.create_task(one.run(fetch))


def locks_of(config: Config) -> dict[str, Lock]:
    """One for each daemon that asks for credentials, by its own `auth` or that of all. Raises
    `ConfigError` for keys that cannot be used."""
    locks, faults = {}, []
    issuers: dict[TokenIssuer, JwtTokens] = {}  # whose keys are fetched once for all
    for name, daemon in config.daemons.items():
        auth = config.auth if daemon.auth is None else daemon.auth
        where = "auth" if daemon.auth is None else f"daemons.{name}.auth"
        try:
            if auth.jwt is not None and auth.jwt not in issuers:
                issuers[auth.jwt] = JwtTokens(auth.jwt)
        except ValueError as error:
            faults.append(f"{where}.jwt.{key_kind(auth)}: {error}")
            continue
        if auth.is_asked:
            jwt = None if auth.jwt is None else issuers[auth.jwt]
            locks[name] = Lock(name, Tokens(auth.tokens), jwt, auth.user_header)
        if auth.user_header is not None and not config.trusted_proxies:
            faults.append(
                f"{where}.user_header: no proxy is trusted; write the one that sends it into "
                "trusted_proxies"
            )
    if faults:
        raise ConfigError(*dict.fromkeys(faults))
    return locks


def key_kind(auth: Auth) -> str:
    """Which of the two keys of the configuration a fault is about."""
    return "key" if auth.jwt is None or auth.jwt.jwks is None else "jwks"


def not_shown(detail: str) -> Problem:
    """No credential was given; the challenge (RFC 6750 section 3) names no error then."""
    return Problem("unauthenticated", detail, headers={"WWW-Authenticate": CHALLENGE})


def not_good(reason: Refused) -> Problem:
    """The credential does not let in. That it has expired is told, so that a client knows that a
    fresh one would help; all else would help those who forge, and has one answer."""
    detail = "the token is not good here"
    challenge = f'{CHALLENGE}, error="invalid_token"'
    if isinstance(reason, Expired):
        detail = str(reason)
        challenge += f', error_description="{detail}"'
    return Problem("unauthenticated", detail, headers={"WWW-Authenticate": challenge})


def not_allowed(daemon: str) -> Problem:
    """The credential does not go so far."""
    challenge = f'{CHALLENGE}, error="insufficient_scope"'
    headers = {"WWW-Authenticate": challenge}
    return Problem("not-allowed", f"the token is not for {daemon}", headers=headers)
