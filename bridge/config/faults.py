"""Pydantic's errors in the words of the file: `dotted.path: what is wrong; what would be right`."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bridge.config.daemon import DAEMON_FORM, DaemonConfig
from bridge.config.guess import unknown_key
from bridge.config.model import Config
from bridge.config.wording import described, key_shown, on_one_line, shown

Location: TypeAlias = tuple[int | str, ...]

WRONG: Final = {
    "missing": "missing",
    "too_short": "empty",
    "literal_error": "{shown} is not known",
    "finite_number": "{shown} is not a finite number",
    "greater_than_equal": "{shown} is out of range",
    "less_than": "{shown} is out of range",
    "less_than_equal": "{shown} is out of range",
}
"""What is wrong, by pydantic's type of error; all others are values of a wrong type."""

BOUNDS: Final = {
    "greater_than_equal": "at least {ge:.15g}",
    "less_than": "less than {lt:.15g}",
    "less_than_equal": "at most {le:.15g}",
}
"""What a number out of range should be, filled in from the error's context."""


class ConfigError(Exception):
    """The configuration cannot be used; `faults` and `str()` have one line for each fault, whatever
    names of files or words of others are in it."""

    def __init__(self, *faults: str) -> None:
        self.faults = tuple(map(on_one_line, faults))
        super().__init__("\n".join(self.faults))


def check_all(checks: Iterable[Callable[[], object]]) -> None:
    """Make every check. Raises `ConfigError` with the faults of all."""
    faults: list[str] = []
    for check in checks:
        try:
            check()
        except ConfigError as error:
            faults += error.faults
    if faults:
        raise ConfigError(*faults)


def faults_of(error: ValidationError) -> Iterator[str]:
    """One line for each fault, in the order of the keys, without the name of the file."""
    for details in error.errors(include_url=False):
        yield f"{_path(details['loc'])}: {_fault(details)}"


def _path(location: Location) -> str:
    """`daemons.chat.aliases[0]`; pydantic's own step to a key itself is left out."""
    keys = [key_shown(step) for step in location[:3] if step != "[key]"]
    return ".".join(keys) + "".join(f"[{index}]" for index in location[3:])


def _fault(details: ErrorDetails) -> str:
    kind, location, value = details["type"], details["loc"], details["input"]
    context = details.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return _misplaced_key(location) or unknown_key(location[-1], sorted(_fields_at(location)))
    if kind == "invalid_key":
        return f"{described(location[-1])} where a key belongs; write one of the known keys"
    wrong = WRONG.get(kind, "{described}").format(shown=shown(value), described=described(value))
    return f"{wrong}; {_right(location, BOUNDS.get(kind, '').format(**context))}"


def _fields_at(location: Location) -> dict[str, FieldInfo]:
    """The fields of the model that the last step of the location leads into."""
    return Config.model_fields if len(location) == 1 else daemon_keys()


def daemon_keys() -> dict[str, FieldInfo]:
    """The fields of one daemon by the keys of the file, which an alias may name."""
    return {field.alias or name: field for name, field in DaemonConfig.model_fields.items()}


def _misplaced_key(location: Location) -> str | None:
    """The fault of a key that is known, but elsewhere."""
    match location:
        case ("tls" | "ssl" | "certificate",):
            return "the bridge speaks no TLS to clients; put nginx in front, as nginx/ has it"
        case (str(key),) if key in daemon_keys():
            return "a key of a daemon; write it below the daemon's name"
        case ("daemons", _, str(key)) if key in Config.model_fields:
            return "not a key of a daemon, but of the bridge; write it beside daemons"
        case _:
            return None


def _right(location: Location, bound: str) -> str:
    """What would be right at the location, after its field's description."""
    match location:
        case ("daemons", _, "[key]"):
            return "write the name in quotes"
        case ("daemons", str(name)) if name in daemon_keys():
            return f"write {DAEMON_FORM}, or a daemon's name above {name} if that is the key"
        case ("daemons", _):
            return f"write {DAEMON_FORM}"
        case ("daemons", _, str(key), *_):
            return _form(daemon_keys()[key], bound)
        case _:
            return _form(Config.model_fields[str(location[0])], bound)


def _form(field: FieldInfo, bound: str) -> str:
    form = f"write {field.description}" + (f", {bound}" if bound else "")
    if field.is_required() or field.default in (None, ()):
        return form
    return f"{form} (default {_default(field.default)})"


def _default(value: object) -> str:
    return value if isinstance(value, str) else shown(value)
