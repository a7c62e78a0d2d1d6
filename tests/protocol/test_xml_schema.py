"""A schema lets through what it describes, and tells where it says otherwise."""

from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from bridge.protocol.xml_check import XmlCheck
from bridge.protocol.xml_limits import XmlLimits
from bridge.protocol.xml_names import MAX_BYTES
from bridge.protocol.xml_schema import MAX_WORDS, Language, Schema, SchemaError, element_at

RNG = b"""<grammar xmlns="http://relaxng.org/ns/structure/1.0"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start>
    <choice>
      <element name="say"><optional><attribute name="to"/></optional><text/></element>
      <element>
        <name>move</name>
        <attribute name="x"><data type="int"/></attribute>
        <zeroOrMore><ref name="step"/></zeroOrMore>
      </element>
    </choice>
  </start>
  <define name="step">
    <element name="step"><optional><element name="say"><empty/></element></optional></element>
  </define>
</grammar>
"""

XSD = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:g="urn:game" targetNamespace="urn:game" elementFormDefault="qualified">
  <xs:element name="say" type="xs:string"/>
  <xs:element name="move">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="step" type="xs:int" maxOccurs="2"/>
        <xs:any namespace="##other" processContents="lax" minOccurs="0"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""

LIMITS = XmlLimits(max_depth=9, max_nodes=20_000)


@pytest.fixture
def by_rng() -> XmlCheck:
    return XmlCheck(LIMITS, Schema(RNG, Language.RELAX_NG, "game.rng"))


@pytest.fixture
def by_xsd() -> XmlCheck:
    return XmlCheck(LIMITS, Schema(XSD, Language.XML_SCHEMA, "game.xsd"))


def detail(check: XmlCheck, message: bytes) -> str:
    """Why it is refused."""
    fault = check(message)
    assert fault is not None
    assert fault.code == "not-well-formed"
    return fault.detail


@pytest.mark.parametrize(
    "message",
    [
        b"<say>hello</say>",
        b"<say to='ann'><![CDATA[hello]]></say>",
        b"<?xml version='1.0'?><!-- a --><move x='1'><step/><?b?><step/></move>",
    ],
)
def test_what_relax_ng_describes_passes(by_rng: XmlCheck, message: bytes) -> None:
    assert by_rng(message) is None


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (b"<move x='a'/>", "line 7 of game.rng: "),
        (b"<move/>", "line 7 of game.rng: "),
        (b"<move x='1'><step><b/></step></move>", "line 14 of game.rng: "),
        (b"<move x='1'><step/><b/></move>", "line 7 of game.rng: "),
        (b"<say><b/></say>", "line 5 or 14 of game.rng: "),
        (b"<quit/>", "game.rng: "),
        (b"<x:say/>", "game.rng: "),
    ],
)
def test_what_relax_ng_does_not_describe_is_refused_with_the_line(
    by_rng: XmlCheck, message: bytes, found: str
) -> None:
    assert detail(by_rng, message).startswith(f"the message does not fit {found}")


@pytest.mark.parametrize(
    "message",
    [
        b"<say xmlns='urn:game'>hello</say>",
        b"<g:move xmlns:g='urn:game'><g:step>1</g:step><g:step>2</g:step></g:move>",
    ],
)
def test_what_xml_schema_describes_passes(by_xsd: XmlCheck, message: bytes) -> None:
    assert by_xsd(message) is None


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (
            b"<g:move xmlns:g='urn:game'><g:say/></g:move>",
            (
                "line 3 of game.xsd: Element '{urn:game}say': This element is not expected. "
                "Expected is ( {urn:game}step )."
            ),
        ),
        (
            b"<move xmlns='urn:game'><step>1</step><step>a</step></move>",
            (
                "line 7 of game.xsd: Element '{urn:game}step': "
                "'a' is not a valid value of the atomic type 'xs:int'."
            ),
        ),
        (
            b"<say>hello</say>",
            (
                "line 3 of game.xsd: "
                "Element 'say': No matching global declaration available for the validation root."
            ),
        ),
    ],
)
def test_what_xml_schema_does_not_describe_is_refused_with_the_line(
    by_xsd: XmlCheck, message: bytes, found: str
) -> None:
    assert detail(by_xsd, message) == f"the message does not fit {found}"


def test_what_is_no_xml_is_told_before_the_schema_is_asked(by_rng: XmlCheck) -> None:
    assert "not one well-formed XML document" in detail(by_rng, b"<say>")


def test_a_long_value_is_cut_short_in_the_refusal(by_xsd: XmlCheck) -> None:
    value = b"x" * 100_000
    message = b"<move xmlns='urn:game'><step>" + value + b"</step></move>"
    found = detail(by_xsd, message)
    assert found.endswith("xxx...")
    assert len(found) < MAX_WORDS + 60


class Silent:
    """libxml2 as it would be if it refused a message and did not say why."""

    error_log: Final = ()

    def validate(self, root: etree._Element) -> bool:
        return False


class GivesUp:
    """libxml2 as it is when it cannot go on."""

    def __init__(self, words: str) -> None:
        self._words = words

    def validate(self, root: etree._Element) -> bool:
        raise etree.XMLSchemaValidateError(self._words)


def refusal(monkeypatch: pytest.MonkeyPatch, validator: Silent | GivesUp) -> str:
    """What is told of `<say/>` by a schema that this validates for."""
    schema = Schema(RNG, Language.RELAX_NG, "game.rng")
    monkeypatch.setattr(schema, "_validator", validator)
    return detail(XmlCheck(LIMITS, schema), b"<say/>")


SAY = "the message does not fit line 5 or 14 of game.rng: "


def test_nothing_passes_where_the_validator_gives_up_or_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert refusal(monkeypatch, GivesUp("no memory")) == SAY + "no memory"
    assert refusal(monkeypatch, Silent()) == SAY + "no more is known"


def test_words_are_cut_to_their_bound_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = "x" * MAX_WORDS
    assert refusal(monkeypatch, GivesUp(longest)) == SAY + longest
    assert refusal(monkeypatch, GivesUp(longest + "x")) == SAY + longest[:-3] + "..."


def test_a_schema_goes_on_when_the_names_of_messages_were_let_go(by_rng: XmlCheck) -> None:
    long = b"<say>" + b"x" * (MAX_BYTES // 2 + 1) + b"</say>"
    for _ in range(3):
        assert by_rng(long) is None
        assert by_rng(b"<move x='1'><step/></move>") is None
        assert by_rng(b"<move x='1'><stop/></move>") is not None


def test_a_message_cannot_name_a_schema_of_its_own(by_xsd: XmlCheck, tmp_path: Path) -> None:
    other = tmp_path / "other.xsd"
    other.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:other">'
        '<xs:element name="b" type="xs:int"/></xs:schema>'
    )
    message = (
        "<move xmlns='urn:game' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
        f"xsi:schemaLocation='urn:other {other}'><step>1</step><b xmlns='urn:other'>a</b></move>"
    )
    assert by_xsd(message.encode()) is None, "by that schema <b> would have to be a number"


# -- the schema itself


def error(text: bytes, language: Language) -> tuple[str, int | None]:
    """What is wrong with a schema, and on which line."""
    with pytest.raises(SchemaError) as caught:
        Schema(text, language, "a")
    return str(caught.value), caught.value.line


def rng(text: str) -> bytes:
    return f'<grammar xmlns="http://relaxng.org/ns/structure/1.0">\n{text}</grammar>'.encode()


def xsd(text: str) -> bytes:
    return f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">\n{text}</xs:schema>'.encode()


def test_what_is_no_xml_is_no_schema() -> None:
    fault, _ = error(b"<grammar>", Language.RELAX_NG)
    assert fault.startswith("it is not XML: Premature end of data")


def test_what_is_no_schema_is_told_without_a_line() -> None:
    assert error(b"<a/>", Language.RELAX_NG) == ("xmlRelaxNGParse: schemas is empty", None)
    assert error(b"<a/>", Language.XML_SCHEMA) == (
        "The XML document 'in_memory_buffer' is not a schema document.",
        None,
    )


def test_an_element_without_a_name_is_no_schema() -> None:
    text = rng("<start><element><name/><empty/></element></start>")
    assert error(text, Language.RELAX_NG) == ("Element element name '' is not an NCName", 2)


def test_what_libxml2_does_not_explain_is_told_in_the_words_of_lxml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(root: etree._Element) -> None:
        etree.clear_error_log()
        raise etree.RelaxNGParseError("no memory")

    monkeypatch.setattr(etree, "RelaxNG", fails)
    assert error(RNG, Language.RELAX_NG) == ("no memory", None)


def test_a_mistake_is_told_with_its_line() -> None:
    assert error(rng("<start><ref name='b'/></start>"), Language.RELAX_NG) == (
        "Reference b has no matching definition",
        2,
    )
    single = rng("<start><ref name='b'/></start>").replace(b"\n", b"")
    assert error(single, Language.RELAX_NG) == ("Reference b has no matching definition", 1)
    fault, line = error(xsd("\n<xs:element name='a' type='b'/>"), Language.XML_SCHEMA)
    assert fault.endswith("The QName value 'b' does not resolve to a(n) type definition.")
    assert line == 3


def test_an_entity_is_not_read() -> None:
    text = b"<!DOCTYPE grammar [<!ENTITY a SYSTEM '/etc/hostname'>]>" + RNG
    assert error(text, Language.RELAX_NG)[0] == (
        "it has a document type declaration, which is not read; take it out"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (rng("<include href='b.rng'/>"), "include"),
        (rng("<start><externalRef href='http://b.example/'/></start>"), "externalRef"),
        (xsd("<xs:include schemaLocation='b.xsd'/>"), "include"),
        (xsd("<xs:import namespace='b' schemaLocation='http://b.example/'/>"), "import"),
        (xsd("<xs:redefine schemaLocation='b.xsd'/>"), "redefine"),
    ],
)
@pytest.mark.parametrize("language", Language)
def test_no_other_file_is_read(text: bytes, name: str, language: Language) -> None:
    assert error(text, language) == (
        f"<{name}> would read another file; put all of the schema into one",
        2,
    )


def test_an_element_is_found_by_its_name_without_the_prefix_that_the_schema_gives_it() -> None:
    text = rng("<start><element name='g:say' xmlns:g='urn:game'><text/></element></start>")
    check = XmlCheck(LIMITS, Schema(text, Language.RELAX_NG, "game.rng"))
    found = detail(check, b"<say xmlns='urn:game'><b/></say>")
    assert found.startswith("the message does not fit line 2 of game.rng: ")


@pytest.mark.parametrize("path", ["/a/p:b[2]/*", "/a/*[3]/X", "/a/p:b[2]/X/d/e"])
def test_a_path_of_libxml2_leads_to_its_element_as_far_as_that_is_there(path: str) -> None:
    root = etree.fromstring(b"<a xmlns:p='u'><p:b/><!----><b/><p:b><X/></p:b></a>")
    assert element_at(root, path).tag == "X"
