"""Messages that are no XML, or more of it than a daemon should see."""

from typing import Final

from tests.security.bad_input.sent import Sent, post

DEEP: Final = 101
LAUGHS: Final = (
    b'<!DOCTYPE a [<!ENTITY b "ha">' +
    b"".join(b'<!ENTITY b%d "%s">' % (n, b"&b%d;" % (n - 1) * 10) for n in range(1, 10)) +
    b"]><a>&b9;</a>"
)  # fmt: skip


def xml(kind: str, message: bytes, got: str = "400 not-well-formed") -> Sent:
    return Sent(kind, got, post(message + b"\0"))


DOCUMENTS: Final = [
    xml("a tag that is not ended", b"<a>"),
    xml("an end without a beginning", b"</a>"),
    xml("tags that cross", b"<a><b></a></b>"),
    xml("two documents", b"<a/><b/>"),
    xml("text without a tag", b"hello"),
    xml("text behind the document", b"<a/>hello"),
    xml("text before the document", b"hello<a/>"),
    xml("a space alone", b" "),
    xml("a comment alone", b"<!-- a -->"),
    xml("an attribute twice", b"<a b='1' b='2'/>"),
    xml("an attribute without quotes", b"<a b=1/>"),
    xml("an attribute without a value", b"<a b/>"),
    xml("< in a value", b"<a b='<'/>"),
    xml("& alone", b"<a>&</a>"),
    xml("an entity that is not declared", b"<a>&nbsp;</a>"),
    xml("a reference to character 0", b"<a>&#0;</a>"),
    xml("a reference to a control character", b"<a>&#x1b;</a>"),
    xml("a reference beyond Unicode", b"<a>&#x110000;</a>"),
    xml("a control character", b"<a>\x01</a>"),
    xml("]]> in a text", b"<a>]]></a>"),
    xml("-- in a comment", b"<a><!-- a -- b --></a>"),
    xml("CDATA that does not end", b"<a><![CDATA[</a>"),
    xml("a declaration behind a space", b" <?xml version='1.0'?><a/>"),
    xml("an unknown version", b"<?xml version='9'?><a/>"),
    xml("another encoding declared", b"<?xml version='1.0' encoding='utf-7'?><a>+ADw-</a>"),
    xml("UTF-16", "<a/>".encode("utf-16-be").replace(b"\0", b"\x01")),
    xml("a byte that is no UTF-8", b"<a>\xff</a>", "400 bad-encoding"),
    xml("a document type", b"<!DOCTYPE a><a/>"),
    xml("an entity", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    xml("a billion laughs", LAUGHS),
    xml("a long entity many times", b"<!DOCTYPE a [<!ENTITY b '" + b"x" * 9000 + b"'>]><a>" +
        b"&b;" * 9000 + b"</a>"),
    xml("an entity that is a file", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    xml("an entity of the network", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'http://127.0.0.1/'>]><a>&b;</a>"),
    xml("a document type of the network", b"<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><a/>"),
    xml("a parameter entity", b"<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://127.0.0.1/'> %b;]><a/>"),
    xml("an attribute by a document type", b"<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>"),
    xml("elements too deep", b"<a>" * DEEP + b"</a>" * DEEP),
    xml("60,000 beginnings", b"<a>" * 20_000),
    xml("too many elements", b"<a>" + b"<b/>" * 10_001 + b"</a>"),
    xml("too many attributes", b"<a " + b" ".join(b"b%d=''" % n for n in range(257)) + b"/>"),
    xml("a name that is too long", b"<" + b"a" * 257 + b"/>"),
    xml("an instruction named xml", b"<a><?xml version='1.0'?></a>"),
    xml("HTML", b"<!doctype html><title>hello</title>"),
    xml("JSON", b'{"a": 1}'),
]  # fmt: skip
