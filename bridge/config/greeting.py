"""The template of the first message to a daemon, and what may stand in it."""

from string import Formatter
from typing import Annotated, Final, TypeAlias
from xml.parsers import expat

from pydantic import AfterValidator, Field

from bridge.config.wording import quoted

FIELDS: Final = ("session", "address", "user")
FORM: Final = "a message with {session}, {address} and {user} where they belong"


def _template(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{quoted(text)}: {error}; write {{{{ and }}}} for braces") from error
    for _, field, form, conversion in parts:
        if field is not None and (field not in FIELDS or form or conversion):
            known = ", ".join(f"{{{known}}}" for known in FIELDS)
            raise ValueError(f"{quoted(text)}: {{{field}}} is not known; there are {known}")
    if "\0" in text or not text:
        raise ValueError(f"{quoted(text)} is not one message; its zero byte is added")
    return text


def check_well_formed(template: str) -> None:
    """Raises `ValueError` for a template that makes no XML document."""
    document = template.format(**dict.fromkeys(FIELDS, "a"))
    try:
        expat.ParserCreate("utf-8").Parse(document.encode(), True)
    except expat.ExpatError as error:
        fault = expat.ErrorString(error.code)
        raise ValueError(
            f"{quoted(template)} is no XML: {fault}; write XML, or messages: text beside it"
        ) from error


GreetingOrNone: TypeAlias = Annotated[
    Annotated[str, AfterValidator(_template)] | None, Field(description=FORM)
]
