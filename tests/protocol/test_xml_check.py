"""A message passes if it is one well-formed document within the limits, and declares nothing."""

from pathlib import Path
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bridge.protocol.checks import Fault
from bridge.protocol.xml_check import MAX_DECLARATION_BYTES, XmlCheck, new_parser
from bridge.protocol.xml_limits import XmlLimits

CHECK = XmlCheck(XmlLimits(max_depth=3, max_nodes=5))
MALFORMED = "the message is not one well-formed XML document: "
BOM = b"\xef\xbb\xbf"


def detail(message: bytes, check: XmlCheck = CHECK) -> str | None:
    """Why it is refused."""
    fault = check(message)
    assert fault is None or fault.code == "not-well-formed"
    return fault and fault.detail


@pytest.mark.parametrize(
    "message",
    [
        b"<a/>",
        b"<a b='c' d=\"e\">text</a>",
        "<ä>€</ä>".encode(),
        BOM + b"<a/>",
        b" \t\r\n<a/>\n",
        b"<a>&lt;&amp;&#65;&#x41;</a>",
        b"<a><![CDATA[]]><!-- b --><?c d?></a>",
        b"<!-- b --><?c d?><a/><!-- e --><?f?>",
        b"<?xml version='1.0'?><a/>",
        BOM + b"<?xml version='1.0' standalone='yes' ?> <a/>",
        b"<?xml-stylesheet href='b'?><a/>",
        b"<a>DOCTYPE &lt;!DOCTYPE</a>",
        b"<!-- <!DOCTYPE a> --><a/>",
    ],
)
def test_one_well_formed_document_passes(message: bytes) -> None:
    assert CHECK(message) is None


@pytest.mark.parametrize(
    "message",
    [
        b"<b:a/>",
        b"<a b:c='d'/>",
        b"<b:c:d/>",
        b"<a xmlns:b=''/>",
        b"<a xmlns:b='u' xmlns:c='u' b:d='' c:d=''/>",
    ],
)
def test_namespaces_that_make_no_sense_pass_since_flash_knew_none(message: bytes) -> None:
    assert CHECK(message) is None


@pytest.mark.parametrize(
    "message",
    [
        b"<b:a/><c/>",
        b"<b:a/>text",
        b"<a b:c='d'/><!DOCTYPE a>",
        b"<a :b='c'/>\x01",
        b"<a xmlns:b=''/><",
        b"<b:a></b:a></b:a>",
        "<?xml version='1.0'?><b:ä>€</b:ä>&".encode(),
    ],
)
def test_a_namespace_that_makes_no_sense_hides_nothing_behind_it(message: bytes) -> None:
    found = detail(message)
    assert found is not None
    assert found.startswith(MALFORMED)


@pytest.mark.parametrize(
    "message",
    [
        b" ",
        BOM,
        b"text",
        b"<a>",
        b"</a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a/>text",
        b"<a b/>",
        b"<a b=c/>",
        b"<a b='1' b='2'/>",
        b"<a>&b;</a>",
        b"<a>&</a>",
        b"<a>&#0;</a>",
        b"<a>]]></a>",
        b"<a>\x01</a>",
        b"<a><!-- -- --></a>",
        b"<A/><!doctype a>",
        b" <?xml version='1.0'?><a/>",
        b"<a><?xml version='1.0'?></a>",
        b"<b:a>",
    ],
)
def test_what_is_not_one_well_formed_document_is_refused(message: bytes) -> None:
    found = detail(message)
    assert found is not None
    assert found.startswith(MALFORMED)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (b"<a b='1' b='2'/>", "Attribute b redefined"),
        (b"<b:a/><c/>", "junk after document element"),
    ],
)
def test_the_refusal_says_it_in_the_words_of_the_parser(message: bytes, words: str) -> None:
    assert CHECK(message) == Fault("not-well-formed", MALFORMED + words)


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b" \n",
        BOM,
        b"<!-- b -->",
        b"<?c d?>",
        b"<?xml version='1.0'?>",
        BOM + b"<?xml version='1.0'?> <!-- <a> --> <?c <a>?>\n",
    ],
)
@pytest.mark.parametrize("doctype", [b"<!DOCTYPE a>", b'<!DOCTYPE a [<!ENTITY b "c">]>'])
def test_a_document_type_declaration_is_refused_wherever_it_may_stand(
    before: bytes, doctype: bytes
) -> None:
    found = detail(before + doctype + b"<a/>")
    assert found == "a document type declaration is not allowed"


# -- the parser itself, were a declaration to get that far


def test_the_parser_puts_no_entity_in_its_place() -> None:
    document = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    root = etree.fromstring(document, new_parser())
    assert (root.text, root[0].text) == (None, "&b;")


def test_the_parser_reads_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "a.dtd").write_text("<!ENTITY b 'c'>")
    document = f"<!DOCTYPE a SYSTEM '{tmp_path / 'a.dtd'}'><a/>".encode()
    root = etree.fromstring(document, new_parser())
    assert root.getroottree().docinfo.externalDTD is None


def test_the_parser_keeps_its_own_bounds() -> None:
    with pytest.raises(etree.XMLSyntaxError, match="Name too long"):
        etree.fromstring(b"<" + b"a" * 50_001 + b"/>", new_parser())


# -- the encoding


def declaration(encoding: str, length: int = 0) -> bytes:
    """A declaration of this encoding, blown up to a length."""
    text = f"<?xml version='1.0' encoding='{encoding}'".encode()
    return text.ljust(length - 2) + b"?>"


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "utf8"])
def test_a_document_may_declare_to_be_utf8(encoding: str) -> None:
    assert CHECK(declaration(encoding) + "<a>€</a>".encode()) is None


@pytest.mark.parametrize(
    "encoding", ["us-ascii", "ASCII", "ISO-8859-1", "iso-8859-15", "windows-1252"]
)
def test_a_document_in_ascii_may_declare_an_encoding_that_agrees_with_it(encoding: str) -> None:
    assert CHECK(declaration(encoding) + b"<a>e</a>") is None


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16", "koi8-r"])
def test_a_document_beyond_ascii_may_declare_no_other_encoding(encoding: str) -> None:
    assert detail(declaration(encoding) + "<a>é</a>".encode()) == (
        f"the document declares the encoding '{encoding}', but messages are UTF-8"
    )


def test_a_document_that_declares_ascii_holds_nothing_else() -> None:
    found = detail(declaration("us-ascii") + "<a>é</a>".encode())
    assert found is not None
    assert found.startswith(MALFORMED)


@pytest.mark.parametrize(
    "encoding", ["utf-7", "UTF-16LE", "ebcdic-cp-us", "iso-8859-1a", "windows-12522", "iso-8859-"]
)
def test_an_encoding_that_reads_ascii_otherwise_is_refused_in_ascii_too(encoding: str) -> None:
    assert detail(declaration(encoding) + b"<a/>") == (
        f"the document declares the encoding {encoding.lower()!r}, but messages are UTF-8"
    )


@pytest.mark.parametrize(
    "text",
    [
        b'<?xml version="1.0" encoding="utf-7"?>',
        b"<?xml\tversion='1.0'\nencoding\t= 'utf-7' ?>",
        BOM + b"<?xml version='1.0' encoding='utf-7'?>",
    ],
)
def test_the_encoding_is_found_however_it_is_written(text: bytes) -> None:
    found = detail(text + b"<a/>")
    assert found == "the document declares the encoding 'utf-7', but messages are UTF-8"


def test_an_encoding_beyond_ascii_is_told_with_a_sign_for_what_cannot_be_read() -> None:
    assert detail(declaration("é") + b"<a/>") == (
        "the document declares the encoding '\ufffd\ufffd', but messages are UTF-8"
    )


def test_an_encoding_named_behind_the_declaration_is_none() -> None:
    assert CHECK(b"<?xml version='1.0'?><a encoding='utf-7'/>") is None
    assert CHECK(b"<?xml version='1.0'?><?b encoding='utf-7'?><a/>") is None


def test_a_declaration_is_found_up_to_its_bound() -> None:
    assert CHECK(declaration("utf-8", MAX_DECLARATION_BYTES) + b"<a/>") is None
    assert detail(declaration("utf-8", MAX_DECLARATION_BYTES + 1) + b"<a/>") == (
        f"the XML declaration is longer than {MAX_DECLARATION_BYTES} bytes"
    )


# -- the limits


@pytest.mark.parametrize(
    "message",
    [
        b"<a><b><c/></b></a>",
        b"<a><b><c>text</c></b><b><c/></b></a>",
        b"<a><b><c><!-- d --></c></b></a>",
        b"<x:a><b><c/></b></x:a>",
    ],
)
def test_elements_may_be_nested_as_deep_as_the_limit(message: bytes) -> None:
    assert CHECK(message) is None


@pytest.mark.parametrize(
    "message",
    [
        b"<a><b><c><d/></c></b></a>",
        b"<a><b/><b><c><d/></c></b></a>",
        b"<x:a><b><c><d/></c></b></x:a>",
    ],
)
def test_elements_nested_deeper_are_refused(message: bytes) -> None:
    assert detail(message) == "the elements are nested more than 3 deep"


def test_the_deepest_limit_that_can_be_configured_is_within_what_the_parser_takes() -> None:
    check = XmlCheck(XmlLimits(max_depth=250, max_nodes=1000))
    assert check(b"<a>" * 250 + b"</a>" * 250) is None
    assert detail(b"<a>" * 251 + b"</a>" * 251, check) == (
        "the elements are nested more than 250 deep"
    )


@pytest.mark.parametrize(
    "nodes",
    [
        b"<b/><b/><b/><b/>",
        b"<b></b><b></b><b></b><b></b>",
        b"<!-- b --><?c?><![CDATA[d]]>text<b>text</b>&lt;&lt;",
    ],
)
def test_nodes_are_counted_up_to_the_limit(nodes: bytes) -> None:
    assert CHECK(b"<a>" + nodes + b"</a>") is None
    assert detail(b"<a>" + nodes + b"<e/></a>") == "the document has more than 5 nodes"


def test_attributes_count_where_there_are_more_than_the_limit() -> None:
    assert CHECK(b"<a b='' c='' d='' e='' f=''/>") is None
    assert (
        detail(b"<a b='' c=\"\"\td = ''\ne='' f='' g=''/>") == "the document has more than 5 nodes"
    )


def test_elements_and_attributes_count_together() -> None:
    check = XmlCheck(XmlLimits(max_depth=3, max_nodes=8))
    attributes = b" b='=' c='=' d='=' e='=' f='='"
    assert check(b"<a" + attributes + b"><b/><b/></a>") is None
    assert detail(b"<a" + attributes + b"><b/><b/><b/></a>", check) == (
        "the document has more than 8 nodes"
    )


def test_signs_that_make_no_attribute_do_not_count() -> None:
    assert CHECK(b"<a b='=========='>a=b c=d ====== '=' e= f</a>") is None


def test_too_many_nodes_are_told_before_anything_is_parsed() -> None:
    assert detail(b"<" * 6) == "the document has more than 5 nodes"


# -- against another parser

WIDE = XmlCheck(XmlLimits(max_depth=100, max_nodes=1000))

leaves = st.sampled_from(["", "t", "&amp;", "<!--c-->", "<?p i?>", "<![CDATA[d]]>"])
elements = st.recursive(
    leaves,
    lambda inner: st.builds(
        "<{0}{1}>{2}</{0}>".format,
        st.sampled_from(["a", "b"]),
        st.sampled_from(["", " c='d'", ' c="d" e=""']),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=6,
)
documents = elements.map("<r>{}</r>".format)
slips = st.sampled_from(
    [*"<>/!?-=&;'\" ab]:", "b:", " xmlns:b=''", "<a>", "</a>", "<!", "?>", "\x01"]
)


def is_well_formed(message: bytes) -> bool:
    """What expat says."""
    try:
        expat.ParserCreate("utf-8").Parse(message, True)
    except expat.ExpatError:
        return False
    return True


@given(documents)
def test_every_well_formed_document_passes(document: str) -> None:
    assert WIDE(document.encode()) is None


@given(documents, st.lists(slips, max_size=2), st.data())
def test_slips_are_judged_as_another_parser_does(
    document: str, slips: list[str], data: st.DataObject
) -> None:
    text = document
    for slip in slips:
        place = data.draw(st.integers(0, len(text)))
        dropped = data.draw(st.integers(0, 2))
        text = text[:place] + slip + text[place + dropped :]
    message = text.encode()
    assert (WIDE(message) is None) is is_well_formed(message)


@given(st.binary(max_size=40))
def test_whatever_comes_is_judged_and_never_raises(message: bytes) -> None:
    WIDE(message)


def test_a_prefix_makes_no_difference_to_a_declared_encoding() -> None:
    check = XmlCheck(XmlLimits(max_depth=3, max_nodes=5))
    assert check("<?xml version='1.0' encoding='utf8'?><a>€</a>".encode()) is None
    assert check("<?xml version='1.0' encoding='utf8'?><b:a>€</b:a>".encode()) is None
