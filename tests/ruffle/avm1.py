"""The movie in ActionScript 2: an XMLSocket that its page commands, and that tells its page all."""

from tests.ruffle.assembler import (
    Statement,
    assign,
    call,
    constant,
    function,
    movie,
    new,
    statement,
    variable,
)

EXTERNAL = "flash.external.ExternalInterface"


def report(kind: str, *values: bytes) -> Statement:
    """Tells the page."""
    return statement(call(f"{EXTERNAL}.call", constant("report"), constant(kind), *values))


def command(name: str, parameters: list[str], *body: Statement) -> Statement:
    """Lets the page call this."""
    called = function(parameters, *body)
    return statement(call(f"{EXTERNAL}.addCallback", constant(name), constant(None), called))


def avm1_movie(*, as_xml: bool) -> bytes:
    """The SWF; it takes its messages by `onXML` or by `onData`."""
    text = variable("told")
    if as_xml:
        listen = assign("socket.onXML", function(["told"], report("data", call("told.toString"))))
    else:
        listen = assign("socket.onData", function(["told"], report("data", text)))
    return movie(
        assign("socket", new("XMLSocket")),
        assign("socket.onConnect", function(["told"], report("connect", text))),
        assign("socket.onClose", function([], report("close"))),
        listen,
        command(
            "connectTo",
            ["host", "port"],
            statement(call("socket.connect", variable("host"), variable("port"))),
        ),
        command("say", ["message"], statement(call("socket.send", variable("message")))),
        command("hangUp", [], statement(call("socket.close"))),
        report("ready"),
    )
