"""The decision, as a table: page, configuration, policies, and the rule that makes it so."""

from dataclasses import replace

import pytest

from bridge.access.decision import Rules, decide, hosts_of
from bridge.access.origins import Page
from bridge.access.policy import Absent, Known, Served, Standing, Unasked, Unknown
from bridge.access.policy_document import read_policy

PORT = 9339
PLAY = "https://play.example.com"
RULES = Rules("game", PORT)


def served(source: int, *elements: str, is_master: bool = False) -> Served:
    """A policy of these elements from a port."""
    data = f"<cross-domain-policy>{''.join(elements)}</cross-domain-policy>".encode()
    return Served(read_policy(data), source, f"the policy from port {source}", is_master)


def master(*elements: str) -> Served:
    return served(843, *elements, is_master=True)


def grant(domain: str, ports: str = "*", more: str = "") -> str:
    return f'<allow-access-from domain="{domain}" to-ports="{ports}" {more}/>'


def control(meta: str) -> str:
    return f'<site-control permitted-cross-domain-policies="{meta}"/>'


def allowed(origin: str | None, rules: Rules, standing: Standing) -> bool:
    return decide(Page(origin, "bridge.example"), rules, standing).allowed


ALL = Known((master(grant("*")),))
STANDINGS = [Unasked(), Unknown("down"), Absent("silent"), ALL, Known((master(control("none")),))]


# -- what the configuration says, whatever the policy


@pytest.mark.parametrize("standing", STANDINGS, ids=lambda standing: type(standing).__name__)
@pytest.mark.parametrize("origin", ["https://bridge.example", "http://bridge.example"])
def test_the_bridges_own_pages_are_let_in_by_every_policy(standing: Standing, origin: str) -> None:
    assert allowed(origin, RULES, standing)


@pytest.mark.parametrize("standing", STANDINGS, ids=lambda standing: type(standing).__name__)
def test_what_is_no_page_is_let_in_unless_missing_origin_is_false(standing: Standing) -> None:
    assert allowed(None, RULES, standing)
    assert not allowed(None, replace(RULES, missing_origin=False), standing)


def test_the_bridges_own_page_needs_no_origin_where_the_browser_says_whose_it_is() -> None:
    page = Page(None, "bridge.example", says_same_origin=True)
    assert decide(page, replace(RULES, missing_origin=False), Unasked()).allowed


@pytest.mark.parametrize("standing", STANDINGS, ids=lambda standing: type(standing).__name__)
def test_a_configured_origin_is_let_in_by_every_policy(standing: Standing) -> None:
    rules = replace(RULES, origins=frozenset({PLAY}))
    assert allowed(PLAY, rules, standing)
    assert allowed("https://PLAY.example.com:443", rules, standing)


@pytest.mark.parametrize(
    "origin",
    ["http://play.example.com", "https://play.example.com:8443", "https://a.play.example.com"],
)
def test_an_origin_is_configured_with_its_scheme_host_and_port(origin: str) -> None:
    assert not allowed(origin, replace(RULES, origins=frozenset({PLAY})), Unasked())


@pytest.mark.parametrize("origin", [PLAY, "http://[::1]:1", "capacitor://localhost"])
def test_the_asterisk_among_the_origins_lets_every_page_in(origin: str) -> None:
    assert allowed(origin, replace(RULES, origins=frozenset({"*"})), Unasked())


@pytest.mark.parametrize("origin", ["", "*", "https://a.example/x", "Null", "a, b"])
def test_what_is_no_origin_is_never_let_in(origin: str) -> None:
    rules = replace(RULES, origins=frozenset({"*"}), null_origin=True)
    assert not allowed(origin, rules, ALL)


LOCAL = ["null", "file://"]


@pytest.mark.parametrize("origin", LOCAL)
def test_a_local_file_is_let_in_nowhere_unless_null_origin_is_true(origin: str) -> None:
    rules = replace(RULES, origins=frozenset({"*"}))
    assert not allowed(origin, rules, ALL)
    assert allowed(origin, replace(rules, null_origin=True), Unasked())


@pytest.mark.parametrize("origin", LOCAL)
def test_a_local_file_is_meant_by_the_asterisk_alone(origin: str) -> None:
    rules = replace(RULES, null_origin=True, origins=frozenset({PLAY}))
    assert not allowed(origin, rules, Unasked())
    assert allowed(origin, rules, ALL)
    assert not allowed(origin, rules, Known((master(grant("*.example.com")),)))
    assert not allowed(origin, rules, Known((master(grant("*", more='secure="true"')),)))


def test_an_extension_or_an_app_is_meant_by_the_asterisk_alone() -> None:
    assert allowed("capacitor://localhost", RULES, ALL)
    assert not allowed("capacitor://localhost", RULES, Known((master(grant("localhost")),)))


# -- what the policies say

# Origin, the daemon's policies, whether it is let in.
POLICIES = [
    (PLAY, [master(grant("*"))], True),
    (PLAY, [master(grant("play.example.com"))], True),
    (PLAY, [master(grant("PLAY.example.com"))], True),
    (PLAY, [master(grant("*.example.com"))], True),
    (PLAY, [master(grant("*.play.example.com"))], True),
    (PLAY, [master(grant("example.com"))], False),
    (PLAY, [master(grant("www.example.com"))], False),
    (PLAY, [master()], False),
    ("https://play.example.com:8443", [master(grant("play.example.com"))], True),
    ("http://10.1.2.3", [master(grant("10.1.2.3"))], True),
    ("http://10.1.2.3", [master(grant("*.example.com"))], False),
    ("http://10.1.2.3", [master(grant("*"))], True),
    ("http://[::1]:80", [master(grant("::1"))], True),
    # ports
    (PLAY, [master(grant("*", "9339"))], True),
    (PLAY, [master(grant("*", "80,9000-9999"))], True),
    (PLAY, [master(grant("*", "9338,9340"))], False),
    (PLAY, [master(grant("*", "80"), grant("play.example.com", "9339"))], True),
    (PLAY, [master(grant("*", "80"), grant("www.example.com", "9339"))], False),
    # secure
    (PLAY, [master(grant("*", more='secure="true"'))], True),
    ("http://play.example.com", [master(grant("*", more='secure="true"'))], False),
    ("http://play.example.com", [master(grant("*", more='secure="false"'))], True),
    ("http://play.example.com", [master(grant("*"))], True),
    ("http://localhost", [master(grant("*", more='secure="true"'))], False),
    # where it comes from
    (PLAY, [served(PORT, grant("*"))], True),
    (PLAY, [served(PORT, grant("*", "9339"))], True),
    (PLAY, [served(8430, grant("*"), is_master=True)], True),
    # the meta-policy of the master
    (PLAY, [master(grant("*"), control("none"))], False),
    (PLAY, [master(control("none")), served(PORT, grant("*"))], False),
    (PLAY, [master(grant("*"), control("master-only"))], True),
    (PLAY, [master(control("master-only")), served(PORT, grant("*"))], False),
    (PLAY, [master(control("by-content-type")), served(PORT, grant("*"))], False),
    (PLAY, [master(control("by-ftp-filename")), served(PORT, grant("*"))], False),
    (PLAY, [master(grant("*"), control("by-content-type"))], True),
    (PLAY, [master(control("all")), served(PORT, grant("*"))], True),
    (PLAY, [master(), served(PORT, grant("*"))], True),
    (PLAY, [master(control("whatever")), served(PORT, grant("*"))], False),
    (PLAY, [master(grant("www.example.com")), served(PORT, grant("play.example.com"))], True),
    (PLAY, [master(grant("play.example.com")), served(PORT)], True),
    (PLAY, [master(grant("*", "80")), served(PORT, grant("*", "9339"))], True),
    # a meta-policy elsewhere is not heard
    (PLAY, [served(PORT, grant("*"), control("none"))], True),
    (PLAY, [master(control("all")), served(PORT, grant("*"), control("none"))], True),
]


@pytest.mark.parametrize(("origin", "policies", "is_allowed"), POLICIES)
def test_a_page_is_let_in_by_a_grant_that_counts(
    origin: str, policies: list[Served], is_allowed: bool
) -> None:
    assert allowed(origin, RULES, Known(tuple(policies))) is is_allowed


@pytest.mark.parametrize(
    ("policies", "is_allowed"),
    [
        ([master(grant("*"))], True),
        ([master(grant("*", "23"))], True),
        ([served(23, grant("*", "23"))], True),
        ([served(1023, grant("*", "23"), is_master=True)], True),
        ([served(1024, grant("*", "23"), is_master=True)], False),
        ([served(8430, grant("*"), is_master=True)], False),
        ([served(8430, is_master=True), served(23, grant("*"))], True),
    ],
)
def test_a_port_below_1024_is_granted_only_from_one(
    policies: list[Served], is_allowed: bool
) -> None:
    assert allowed(PLAY, replace(RULES, port=23), Known(tuple(policies))) is is_allowed


def test_pages_of_other_hosts_are_shut_out_where_no_policy_is_known() -> None:
    rules = replace(RULES, hosts=frozenset({"game.example.com"}))
    for standing in (Unasked(), Unknown("down"), Absent("silent")):
        assert not allowed(PLAY, rules, standing)


def test_a_page_of_the_daemons_own_host_is_let_in_where_the_daemon_has_no_policy() -> None:
    rules = replace(RULES, hosts=frozenset({"game.example.com"}))
    own = "http://game.example.com"
    assert allowed(own, rules, Absent("silent"))
    assert not allowed(own, replace(rules, port=1023), Absent("silent"))
    assert not allowed(own, rules, Unknown("down"))
    assert not allowed(own, rules, Unasked())
    assert not allowed(own, rules, Known((master(),)))
    assert not allowed("http://a.game.example.com", rules, Absent("silent"))


@pytest.mark.parametrize(
    ("address", "aliases", "hosts"),
    [
        ("game.example.com", [], {"game.example.com"}),
        ("Game.Example.com", ["old.example.com:9339"], {"game.example.com", "old.example.com"}),
        ("10.0.0.5", ["game.example.com:9339"], {"game.example.com"}),
        ("8.8.8.8", ["old"], {"8.8.8.8"}),
        ("2001:4860:4860::8888", [], {"2001:4860:4860::8888"}),
        ("127.0.0.1", ["localhost:9339", "box:1", "a.local:1", "b.internal:2"], set()),
        ("c.localhost", ["d.lan:9339"], set()),
        ("::1", ["[::1]:9339", "169.254.1.1:1", "192.168.1.1:1", "printer.home.arpa:1"], set()),
        (None, ["not a host:1", ":", "a/b"], set()),
    ],
)  # fmt: skip
def test_a_daemons_hosts_are_those_that_mean_the_same_to_everybody(
    address: str | None, aliases: list[str], hosts: set[str]
) -> None:
    assert hosts_of(address, aliases) == hosts


# -- the rule, in words

OVER_HTTP = "http://play.example.com"
SECURE = 'secure="true"'
MASTER = "the policy from port 843"
GRANTED = f'<allow-access-from domain="*" to-ports="*"/> in {MASTER}'
OTHER_PORT = f'<allow-access-from domain="*" to-ports="80"/> in {MASTER}'
FOR_HTTPS = (
    f'<allow-access-from domain="*" to-ports="*" {SECURE}/> in {MASTER} is for pages fetched'
)
NOTHING = f"nothing counts, and site-control in {MASTER} is none"
MASTER_ONLY = (
    f"no allow-access-from in {MASTER} means this page, and site-control in {MASTER} is master-only"
)
NEITHER = f"no allow-access-from in {MASTER} and the policy from port 9339 means this page"


@pytest.mark.parametrize(
    ("origin", "standing", "rule"),
    [
        ("https://bridge.example", Unasked(), "it is a page of the bridge's own host"),
        (PLAY, Unasked(), "it is not among the configured origins, and policy is none"),
        ("null", ALL, "null_origin is false, and the page has no origin of its own"),
        (PLAY, Unknown("nobody listens"), "the daemon's policy is not known: nobody listens"),
        (PLAY, ALL, GRANTED),
        (PLAY, Known((master(grant("*", "80")),)), f"{OTHER_PORT} does not name port 9339"),
        (OVER_HTTP, Known((master(grant("*", more=SECURE)),)), f"{FOR_HTTPS} over https alone"),
        (PLAY, Known((master(control("master-only")), served(PORT, grant("*")))), MASTER_ONLY),
        (PLAY, Known((master(grant("*"), control("none")),)), NOTHING),
        (PLAY, Known((master(), served(PORT))), NEITHER),
    ],
)
def test_the_rule_that_made_the_decision_is_told(
    origin: str, standing: Standing, rule: str
) -> None:
    assert decide(Page(origin, "bridge.example"), RULES, standing).rule == rule
