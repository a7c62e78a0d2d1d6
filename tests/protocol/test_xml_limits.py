"""What a document may have of anything: names, attributes and texts up to their limits."""

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.protocol.xml_limits import XmlLimits

LIMITS = XmlLimits(
    max_depth=9, max_nodes=1000, max_attributes=3, max_name_length=10, max_text_length=100
)
NAME = "a name is longer than 10 characters"
ATTRIBUTES = "an element has more than 3 attributes"
TEXT = "a text is longer than 100 characters"


def padded(document: str) -> bytes:
    """The document made longer than any limit, so that nothing passes for its length alone."""
    return (document + " " * 200).encode()


@pytest.mark.parametrize(
    "document",
    [
        "<{0}/>",
        "<{0}></{0}>",
        "<p:{0}x/>",
        "<a {0}=''/>",
        "<a b='>' {0}=''/>",
        "<a b=\"'>\" {0} = ''/>",
        "<a\n{0}=''/>",
        "<a xmlns:{0}=''/>",
        "<a><?{0}?></a>",
        "<a><?{0} b='c'?></a>",
        "<a><b/><b/><b/><{0} c=''/></a>",
        "<a>a text as long as that <{0}/></a>",
    ],
)
@pytest.mark.parametrize("letter", ["a", "ä", "€", "𐀀"])
def test_a_name_may_have_so_many_characters(document: str, letter: str) -> None:
    prefixes = 2 * ("p:" in document) + len("x") * ("x/" in document) + 6 * ("xmlns" in document)
    longest = letter * (10 - prefixes)
    assert LIMITS.breach(padded(document.format(longest))) is None
    assert LIMITS.breach(padded(document.format(longest + letter))) == NAME


@pytest.mark.parametrize(
    "document",
    [
        "<a{}/>",
        "<a{}></a>",
        "<a><b/><c{}>d</c></a>",
        "<a b='c'/><a{} >",
    ],
)
@pytest.mark.parametrize("attribute", [" b{}=''", '\tb{}\n=\n"<\'>"', " xmlns:b{}='c=d'"])
def test_an_element_may_have_so_many_attributes(document: str, attribute: str) -> None:
    attribute = attribute.replace("<", "")
    three = "".join(attribute.format(number) for number in range(3))
    assert LIMITS.breach(padded(document.format(three))) is None
    assert LIMITS.breach(padded(document.format(three + attribute.format(3)))) == ATTRIBUTES


@pytest.mark.parametrize(
    "document",
    [
        "<a>{}</a>",
        "<a b='{}'/>",
        "<a b='' c='{}'/>",
        "<a><![CDATA[{}]]></a>",
        "<a><!--{}--></a>",
        "<a><?b {}?></a>",
        "<a><b/>{}<b/></a>",
        "<a><b>c</b>{}</a>",
    ],
)
@pytest.mark.parametrize("letter", ["c", "€"])
def test_a_text_may_have_so_many_characters(document: str, letter: str) -> None:
    assert LIMITS.breach(padded(document.format(letter * 100))) is None
    assert LIMITS.breach(padded(document.format(letter * 101))) == TEXT


@pytest.mark.parametrize("between", ["<!---->", "<?b?>", "<![CDATA[]]>", "&amp;", "\n"])
def test_what_stands_within_a_text_does_not_divide_it(between: str) -> None:
    document = f"<a>{'c' * 60}{between}{'c' * 60}</a>"
    assert LIMITS.breach(document.encode()) == TEXT


@pytest.mark.parametrize(
    ("document", "breach"),
    [("<abcdefghijk/>", NAME), ("<a b='' c='' d='' e=''/>", ATTRIBUTES)],
)
def test_a_short_document_has_the_same_limits(document: str, breach: str) -> None:
    assert LIMITS.breach(document.encode()) == breach


def test_a_text_is_measured_as_utf_8_whatever_its_document_declares() -> None:
    declaration = "<?xml version='1.0' encoding='iso-8859-1'?>"
    assert LIMITS.breach(f"{declaration}<a>{'é' * 100}</a>".encode()) is None


@pytest.mark.parametrize("text", ["c" * 101, "c" * 100 + "]"])
def test_a_text_that_does_not_end_is_measured_to_its_last_character(text: str) -> None:
    assert LIMITS.breach(f"<a>{text}".encode()) == TEXT


def test_a_tag_divides_a_text() -> None:
    assert LIMITS.breach(padded(f"<a>{'c' * 60}<b/>{'c' * 60}</a>")) is None


@pytest.mark.parametrize(
    "document",
    [
        "<a>abcdefghijklmnop</a>",
        "<a> abcdefghijklmnop='' b='' c='' d='' e=''</a>",
        '<a b=\' c="" d="" e="" f="" \'/>',
        "<a><!-- abcdefghijklmnop='' b='' c='' d='' --></a>",
        "<a><![CDATA[ abcdefghijklmnop='' b='' c='' d='' ]]></a>",
        "<a b='abcdefghijklmnop abcdefghijklmnop=\"\"'/>",
    ],
)
def test_what_is_no_name_and_no_attribute_does_not_count(document: str) -> None:
    assert LIMITS.breach(padded(document)) is None


def test_ends_of_elements_are_bounded_before_anything_is_taken_apart() -> None:
    assert LIMITS.breach(b"</" * 1000) is None
    assert LIMITS.breach(b"</" * 1001) == "the document has more than 1000 nodes"


# -- against another parser

names = st.sampled_from(["a", "b" * 10, "c" * 11, "d:e", "é" * 10, "é" * 11])
values = st.sampled_from(["", ">", "/>", " f='g'", "=" * 9])
attributes = st.dictionaries(names, values, max_size=5).map(
    lambda found: "".join(f' {name}="{value}"' for name, value in found.items())
)
contents = st.sampled_from(["", "t", "<!-- u='' -->", "<![CDATA[<v w=''>]]>", "t" * 60])
elements = st.recursive(
    contents,
    lambda inner: st.builds(
        "<{0}{1}>{2}</{0}>".format, names, attributes, st.lists(inner, max_size=4).map("".join)
    ),
    max_leaves=8,
)


def is_within_limits(message: bytes) -> bool:
    """What expat says of names and attributes."""
    within = True

    def start(name: str, found: list[str]) -> None:
        nonlocal within
        within &= all(len(text) <= 10 for text in (name, *found[::2])) and len(found) <= 6

    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.Parse(message, True)
    return within


@given(elements.map("<r>{}</r>".format))
def test_names_and_attributes_are_judged_as_another_parser_does(document: str) -> None:
    found = LIMITS.breach(padded(document))
    assert (found in (None, TEXT)) is is_within_limits(document.encode())


@given(st.binary(max_size=300))
def test_whatever_comes_is_measured_and_never_raises(message: bytes) -> None:
    LIMITS.breach(message)
