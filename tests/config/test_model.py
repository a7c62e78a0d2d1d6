"""A good file gives every value in its final type and form."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from bridge.config import Config, DaemonConfig, HostPort, PolicyFile, UnixPath, load
from bridge.config.networks import PRIVATE_NETWORKS
from bridge.config.pace import Pace
from bridge.config.tls import Tls
from tests.config.conftest import Write

DAEMONS = "daemons: {demo: {embedded: chat}}\n"
SHIPPED = Path(__file__).parents[2] / "config.yaml"


def test_a_file_with_only_a_daemon_has_every_default(write: Write) -> None:
    assert load(write(DAEMONS)) == Config(daemons={"demo": DaemonConfig(embedded="chat")})


def test_the_defaults_are_these(write: Write) -> None:
    assert load(write(DAEMONS)).model_dump(exclude={"daemons", "listen", "auth"}) == {
        "hosts": None,
        "policy_listen": None,
        "trusted_proxies": (),
        "listen_proxy_protocol": False,
        "base_path": "/",
        "node": "a",
        "console": True,
        "wait_s": 25,
        "resume_s": 60,
        "heartbeat_s": 15,
        "max_message_bytes": 1048576,
        "max_unacked_bytes": 262144,
        "connect_timeout_s": 10,
        "policy_timeout_s": 3,
        "policy_max_age_s": 600,
        "policy_keep_s": 86400,
        "slow_client_s": 30,
        "slow_daemon_s": 30,
        "flush_s": 5,
        "drain_s": 0,
        "shutdown_s": 10,
        "head_timeout_s": 30,
        "body_timeout_s": 30,
        "max_sessions": 10000,
        "client_max_sessions": None,
        "client_opens_per_s": None,
        "user_max_sessions": None,
        "user_opens_per_s": None,
        "client_up": None,
        "client_down": None,
        "user_up": None,
        "user_down": None,
        "opens_burst": 10,
        "max_body_bytes": 8388608,
        "max_buffered_bytes": 536870912,
        "log_high_water_bytes": 1048576,
        "log_low_water_bytes": 262144,
        "xml_max_depth": 100,
        "xml_max_nodes": 10000,
        "xml_max_attributes": 256,
        "xml_max_name_length": 256,
        "xml_max_text_length": 1048576,
    }


def test_the_shipped_file_has_the_demo_and_only_defaults() -> None:
    assert load(SHIPPED) == Config(daemons={"demo": DaemonConfig(embedded="chat")})


def test_the_shipped_file_shows_every_key_with_its_default(write: Write) -> None:
    shown = re.sub(r"^# (\w+: )", r"\1", SHIPPED.read_text(), flags=re.MULTILINE)
    config = load(write(shown))
    assert config == load(SHIPPED)
    assert config.model_fields_set == Config.model_fields.keys()


def test_the_example_daemon_of_the_shipped_file_can_be_used(write: Write) -> None:
    shown = re.sub(r"^  # ( *\w+:)", r"  \1", SHIPPED.read_text(), flags=re.MULTILINE)
    assert load(write(shown)).daemons["game"] == DaemonConfig(
        address=HostPort("127.0.0.1", 9339),
        aliases=("game.example.com:9339",),
        origins=("https://play.example.com",),
    )


def test_a_daemon_has_all_that_the_file_says(write: Write) -> None:
    text = """
        daemons:
          telnet:
            address: "[::1]:23"
            allow_privileged_port: true
            aliases: [old, "game.example.com:9339"]
            messages: bytes
            origins: ["https://play.example.com", "*"]
    """
    daemon = load(write(text)).daemons["telnet"]
    assert (daemon.host, daemon.port, str(daemon.address)) == ("::1", 23, "[::1]:23")
    assert daemon.aliases == ("old", "game.example.com:9339")
    assert (daemon.messages, daemon.origins) == ("bytes", ("https://play.example.com", "*"))


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("file:policy.xml", "policy.xml"),
        ('"file: flash/policy.xml"', "flash/policy.xml"),
        ("{file: policy.xml}", "policy.xml"),
        ("file:/etc/bridge/policy.xml", "/etc/bridge/policy.xml"),
    ],
)
def test_a_policy_file_is_sought_beside_the_configuration(
    write: Write, written: str, path: str
) -> None:
    file = write(f"daemons: {{a: {{embedded: chat, policy: {written}}}}}")
    assert load(file).daemons["a"].policy == PolicyFile(file.parent / path)


@pytest.mark.parametrize("path", ["game.rng", "schemas/game.xsd", "/etc/bridge/game.rng"])
def test_a_schema_is_sought_beside_the_configuration(write: Write, path: str) -> None:
    file = write(f"daemons: {{a: {{embedded: chat, schema: {path}}}}}")
    assert load(file).daemons["a"].schema_file == file.parent / path


def test_a_policy_is_asked_for_or_none(write: Write) -> None:
    text = "daemons: {a: {embedded: chat, policy: ask}, b: {embedded: chat, policy: none}}"
    daemons = load(write(text)).daemons
    assert (daemons["a"].policy, daemons["b"].policy) == ("ask", "none")


def test_private_stands_for_every_network_that_is_not_public(write: Write) -> None:
    text = "daemons: {a: {embedded: chat, never: [private, 203.0.113.0/24]}}"
    assert load(write(text)).daemons["a"].never == (*PRIVATE_NETWORKS, ip_network("203.0.113.0/24"))


@pytest.mark.parametrize(
    ("written", "pace"),
    [
        ("null", None),
        ("{messages_per_s: 0.5}", Pace(messages_per_s=0.5)),
        ("{messages_per_s: null, bytes_per_s: 9, burst_s: 3}", Pace(None, 9, 3)),
    ],
)
def test_a_pace_is_of_messages_or_bytes_or_both(
    write: Write, written: str, pace: Pace | None
) -> None:
    text = f"{{client_up: {written}, daemons: {{a: {{embedded: chat, down: {written}}}}}}}"
    config = load(write(text))
    assert (config.client_up, config.daemons["a"].down) == (pace, pace)


@pytest.mark.parametrize(
    ("written", "tls"),
    [
        ("false", None),
        ("true", Tls()),
        ("{}", Tls()),
        ("{server_name: game.internal}", Tls(server_name="game.internal")),
        ("{ca: /etc/ca.pem}", Tls(ca=Path("/etc/ca.pem"))),
    ],
)
def test_tls_is_off_on_or_on_with_its_own_terms(
    write: Write, written: str, tls: Tls | None
) -> None:
    text = f"daemons: {{a: {{address: 'a:9339', tls: {written}}}}}"
    assert load(write(text)).daemons["a"].tls == tls


def test_the_files_of_tls_are_sought_beside_the_configuration(write: Write) -> None:
    tls = "{ca: tls/ca.pem, certificate: own.pem, key: own.key}"
    file = write(f"daemons: {{a: {{address: 'a:9339', tls: {tls}}}}}")
    folder = file.parent
    assert load(file).daemons["a"].tls == Tls(
        folder / "tls/ca.pem", folder / "own.pem", folder / "own.key"
    )


def test_proxies_are_networks_addresses_or_whoever_comes_by_a_unix_socket(write: Write) -> None:
    trusted = load(write(f"trusted_proxies: [unix, 10.0.0.0/8, '::1']\n{DAEMONS}")).trusted_proxies
    assert trusted == ("unix", ip_network("10.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("written", "encoding"),
    [("windows-1252", "cp1252"), ("Shift_JIS", "shift_jis"), ("latin-1", "iso8859-1")],
)
def test_an_encoding_has_many_names(write: Write, written: str, encoding: str) -> None:
    text = f"daemons: {{a: {{embedded: chat, encoding: {written}}}}}"
    assert load(write(text)).daemons["a"].encoding == encoding


@pytest.mark.parametrize("written", ["utf-8", "UTF8"])
def test_the_usual_encoding_may_be_named(write: Write, written: str) -> None:
    text = f"daemons: {{a: {{embedded: chat, messages: bytes, encoding: {written}}}}}"
    assert load(write(text)).daemons["a"].encoding == "utf-8"


def test_an_embedded_daemon_has_no_host_and_no_port() -> None:
    daemon = DaemonConfig(embedded="chat")
    with pytest.raises(ValueError, match="no configured address"):
        _ = daemon.host
    with pytest.raises(ValueError, match="no configured address"):
        _ = daemon.port


def test_a_configuration_cannot_be_changed() -> None:
    config = Config(daemons={"demo": DaemonConfig(embedded="chat")})
    with pytest.raises(ValidationError):
        config.wait_s = 1.0


def test_seconds_may_be_decimal(write: Write) -> None:
    assert load(write("wait_s: 0.25\n" + DAEMONS)).wait_s == 0.25


def test_the_drain_may_take_no_time(write: Write) -> None:
    assert load(write("drain_s: 0\n" + DAEMONS)).drain_s == 0


def test_a_byte_order_mark_is_no_part_of_the_file(write: Write) -> None:
    assert load(write(b"\xef\xbb\xbf" + DAEMONS.encode())).node == "a"


@pytest.mark.parametrize(
    ("text", "listen"),
    [
        ("127.0.0.1:0", HostPort("127.0.0.1", 0)),
        ("bridge.internal:8080", HostPort("bridge.internal", 8080)),
        ("'[::]:65535'", HostPort("::", 65535)),
        ("unix:/run/bridge.sock", UnixPath("/run/bridge.sock")),
    ],
)
def test_listen_is_a_host_and_port_or_a_socket_path(
    write: Write, text: str, listen: HostPort | UnixPath
) -> None:
    config = load(write(f"listen: {text}\n{DAEMONS}"))
    assert config.listen == listen
    assert str(config.listen) == text.strip("'")


@pytest.mark.parametrize("text", ["bridge/v2", "/bridge/v2", "bridge/v2/", "/bridge/v2/"])
def test_the_base_path_begins_and_ends_with_a_slash(write: Write, text: str) -> None:
    assert load(write(f"base_path: {text}\n{DAEMONS}")).base_path == "/bridge/v2/"


@pytest.mark.parametrize("text", ["/", "''"])
def test_the_empty_base_path_is_one_slash(write: Write, text: str) -> None:
    assert load(write(f"base_path: {text}\n{DAEMONS}")).base_path == "/"


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Play.Example.com", "https://play.example.com"),
        ("https://play.example.com:443", "https://play.example.com"),
        ("http://play.example.com:80", "http://play.example.com"),
        ("http://play.example.com:443", "http://play.example.com:443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
    ],
)
def test_an_origin_becomes_what_a_browser_sends(write: Write, text: str, origin: str) -> None:
    config = load(write(f"daemons: {{a: {{embedded: chat, origins: ['{text}']}}}}"))
    assert config.daemons["a"].origins == (origin,)
