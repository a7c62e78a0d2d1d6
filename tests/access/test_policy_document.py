"""Policy files: the grammar, what is overlooked, and what strangers may try with them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.access.policy import MetaPolicy
from bridge.access.policy_document import MAX_POLICY_BYTES, PolicyError, read_policy

GRANT = '<allow-access-from domain="*" to-ports="*"/>'


def policy(inner: str, before: str = "") -> bytes:
    return f"{before}<cross-domain-policy>{inner}</cross-domain-policy>".encode()


def granted(data: bytes) -> list[str]:
    """The grants of a policy, as they are shown."""
    return [grant.text for grant in read_policy(data).grants]


def test_each_allow_access_from_is_a_grant() -> None:
    inner = (
        '<allow-access-from domain="*" to-ports="507" />'
        '<allow-access-from domain="*.Foo.com" to-ports="507,516"/>'
        '<allow-access-from to-ports="516-523" secure="true" domain="*.b.com"></allow-access-from>'
    )
    assert granted(policy(inner)) == [
        '<allow-access-from domain="*" to-ports="507"/>',
        '<allow-access-from domain="*.foo.com" to-ports="507,516"/>',
        '<allow-access-from domain="*.b.com" to-ports="516-523" secure="true"/>',
    ]


def test_a_policy_may_grant_nothing() -> None:
    read = read_policy(b"<cross-domain-policy/>")
    assert (read.grants, read.faults, read.meta) == ((), (), MetaPolicy.ALL)


DTD = "http://www.adobe.com/xml/dtds/cross-domain-policy.dtd"

# What real files have in front of their root element.
PROLOGS = [
    '<?xml version="1.0"?>',
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<?xml version="1.0" encoding="ISO-8859-1"?>',
    "\n  \t",
    "\n\n<?xml version='1.0'?>\n",
    "\ufeff",
    "\ufeff<?xml version='1.0'?>",
    "<!-- Policy file for xmlsocket://socks.example.com -->",
    "<!-- <!DOCTYPE x> -->",
    f'<!DOCTYPE cross-domain-policy SYSTEM "{DTD}">',
    f"<!DOCTYPE cross-domain-policy SYSTEM '{DTD}' >\n",
    '<!DOCTYPE cross-domain-policy SYSTEM "/xml/dtds/cross-domain-policy.dtd">',
    '<!DOCTYPE cross-domain-policy SYSTEM "file:///etc/passwd">',
    f'<!DOCTYPE cross-domain-policy PUBLIC "-//Adobe//DTD//EN" "{DTD}">',
    "<!DOCTYPE cross-domain-policy>",
    f'<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE cross-domain-policy SYSTEM "{DTD}">\n<!-- b -->',
    f'<?xml version="1.0"?><!DOCTYPE\n  cross-domain-policy\n  SYSTEM\n  "{DTD}"\n>',
]


@pytest.mark.parametrize("prolog", PROLOGS)
def test_what_real_files_begin_with_is_tolerated(prolog: str) -> None:
    assert granted(policy(GRANT, prolog)) == [GRANT]


def test_bytes_that_are_no_utf8_do_no_harm_in_a_comment() -> None:
    assert granted(policy("<!-- Z\udce9ro -->".replace("\udce9", "é") + GRANT)) == [GRANT]
    assert granted(b"<!-- \xe9 -->" + policy(GRANT)) == [GRANT]


# What is no policy, and words of the reason.
NO_POLICIES = [
    (b"", "well-formed"),
    (b" \n", "well-formed"),
    (b"hello", "well-formed"),
    (b"<cross-domain-policy>", "well-formed"),
    (b"<cross-domain-policy/><cross-domain-policy/>", "well-formed"),
    (b"<cross-domain-policy/>\0", "well-formed"),
    (b"<cross-domain-policy></Cross-Domain-Policy>", "well-formed"),
    (policy("<allow-access-from domain=* to-ports=*/>"), "well-formed"),
    (policy('<allow-access-from domain="*" domain="*" to-ports="*"/>'), "well-formed"),
    (policy('<allow-access-from domain="&all;" to-ports="*"/>'), "well-formed"),
    (policy("&all;"), "well-formed"),
    (policy(GRANT).decode().encode("utf-16"), "well-formed"),
    (policy(GRANT).decode().encode("utf-32"), "well-formed"),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", "well-formed"),
    (b"<policy/>", "root element is 'policy'"),
    (b"<Cross-Domain-Policy/>", "root element"),
    (b'<cross-domain-policy xmlns="http://www.adobe.com/"/>', "root element"),
    (b'<a:cross-domain-policy xmlns:a="http://www.adobe.com/"/>', "root element"),
    (b'<access-policy><cross-domain-access/></access-policy>', "root element"),
    (b'<welcome name="guest1"/>', "root element"),
    (policy("<a>" * 300 + "</a>" * 300), "well-formed"),
    (policy(" " * MAX_POLICY_BYTES), "longer"),
]  # fmt: skip

# Each stands in front of a root element.
DOCTYPES = [
    "<!DOCTYPE html>",
    "<!DOCTYPE cross-domain-policy []>",
    '<!DOCTYPE cross-domain-policy [<!ENTITY a "b">]>',
    '<!DOCTYPE cross-domain-policy SYSTEM "x" [<!ENTITY a SYSTEM "/etc/passwd">]>',
    '<!DOCTYPE cross-domain-policy [<!ENTITY % p SYSTEM "http://x/">%p;]>',
    '<!DOCTYPE cross-domain-policy [<!ATTLIST allow-access-from domain CDATA "*">]>',
    f'<!DOCTYPE cross-domain-policy SYSTEM "{DTD}',
    "<!DOCTYPE cross-domain-policy SYSTEM>",
    "<!DOCTYPE cross-domain-policy><!DOCTYPE cross-domain-policy>",
    '<!DOCTYPE cross-domain-policy><!-- a --><!DOCTYPE cross-domain-policy [<!ENTITY a "b">]>',
    '\ufeff\ufeff<!DOCTYPE cross-domain-policy [<!ENTITY a "b">]>',
    ' \ufeff<!DOCTYPE cross-domain-policy [<!ATTLIST allow-access-from domain CDATA "*">]>',
    '<!DOCTYPE cross-domain-policy>\ufeff<!DOCTYPE cross-domain-policy [<!ENTITY a "b">]>',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_document_type_that_could_declare_something_is_refused(doctype: str) -> None:
    with pytest.raises(PolicyError, match="document type"):
        read_policy(policy(GRANT, doctype))


@pytest.mark.parametrize(("data", "reason"), NO_POLICIES)
def test_what_is_no_policy_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(PolicyError, match=reason):
        read_policy(data)


def test_the_longest_policy_is_read() -> None:
    data = policy(GRANT)
    assert granted(data.ljust(MAX_POLICY_BYTES)) == [GRANT]


# An element that grants nothing, and words of the fault.
FAULTY = [
    ("<allow-access-from/>", "no domain"),
    ('<allow-access-from to-ports="*"/>', "no domain"),
    ('<allow-access-from domain="*"/>', "no to-ports"),
    ('<allow-access-from domain="" to-ports="*"/>', "no host"),
    ('<allow-access-from domain="*" to-ports=""/>', "no port"),
    ('<allow-access-from domain="*.com" to-ports="*"/>', "top-level"),
    ('<allow-access-from domain="10.0.0.*" to-ports="*"/>', "no host"),
    ('<allow-access-from domain="*.0.0.1" to-ports="*"/>', "IP address"),
    ('<allow-access-from domain="*" to-ports="80,x"/>', "no port"),
    ('<allow-access-from Domain="*" to-ports="*"/>', "no domain"),
    ('<allow-access-from domain="*" To-Ports="*"/>', "no to-ports"),
    ('<allow-access-from x:domain="*" to-ports="*" xmlns:x="y"/>', "no domain"),
    ('<Allow-Access-From domain="*" to-ports="*"/>', "not known"),
    ('<allow-access-from xmlns="x" domain="*" to-ports="*"/>', "not known"),
    ('<allow-access-to domain="*" to-ports="*"/>', "not known"),
    ("<group>" + GRANT + "</group>", "not known"),
]


@pytest.mark.parametrize(("element", "fault"), FAULTY)
def test_an_element_that_breaks_a_rule_grants_nothing_and_is_told(element: str, fault: str) -> None:
    read = read_policy(policy(element + '<allow-access-from domain="a.b" to-ports="1"/>'))
    assert [grant.domain.text for grant in read.grants] == ["a.b"]
    assert len(read.faults) == 1
    assert fault in read.faults[0]


@pytest.mark.parametrize(
    "element",
    [
        '<allow-http-request-headers-from domain="*" headers="*"/>',
        '<allow-access-from-identity><signatory><certificate/></signatory></allow-access-from-identity>',
        "<!-- " + GRANT + " -->",
        "<?allow-access-from domain='*' to-ports='*'?>",
        "<![CDATA[" + GRANT + "]]>",
        "some words",
    ],
)  # fmt: skip
def test_what_is_not_about_sockets_grants_nothing(element: str) -> None:
    read = read_policy(policy(element))
    assert (read.grants, read.faults) == ((), ())


def test_a_grant_inside_a_grant_is_none() -> None:
    outer = '<allow-access-from domain="a.b" to-ports="1">'
    assert [*granted(policy(outer + GRANT + "</allow-access-from>"))] == [
        '<allow-access-from domain="a.b" to-ports="1"/>'
    ]


@pytest.mark.parametrize(
    ("attribute", "secure", "faults"),
    [
        ("", False, 0),
        ('secure="false"', False, 0),
        ('secure="true"', True, 0),
        ('secure=" False "', False, 0),
        ('secure="TRUE"', True, 0),
        ('secure="no"', True, 1),
        ('secure="0"', True, 1),
        ('secure=""', True, 1),
    ],
)
def test_secure_is_false_unless_it_is_written(attribute: str, secure: bool, faults: int) -> None:
    read = read_policy(policy(f'<allow-access-from domain="*" to-ports="*" {attribute}/>'))
    assert [grant.secure for grant in read.grants] == [secure]
    assert len(read.faults) == faults


def control(*values: str) -> bytes:
    elements = (f'<site-control permitted-cross-domain-policies="{value}"/>' for value in values)
    return policy("".join(elements))


@pytest.mark.parametrize("meta", MetaPolicy)
def test_site_control_states_the_meta_policy(meta: MetaPolicy) -> None:
    assert read_policy(control(meta)).meta is meta
    assert read_policy(control(f" {meta.upper()} ")).meta is meta


@pytest.mark.parametrize(
    "data",
    [control(""), control("nothing"), control("none-this-response"), policy("<site-control/>")],
)
def test_a_meta_policy_that_cannot_be_understood_counts_as_none(data: bytes) -> None:
    read = read_policy(data)
    assert read.meta is MetaPolicy.NONE
    assert len(read.faults) == 1


def test_of_two_meta_policies_the_narrower_counts() -> None:
    assert read_policy(control("all", "master-only")).meta is MetaPolicy.MASTER_ONLY
    assert read_policy(control("none", "all")).meta is MetaPolicy.NONE


PIECES = st.sampled_from(
    [
        *PROLOGS, *DOCTYPES, GRANT, "<cross-domain-policy>", "</cross-domain-policy>", "<!--",
        "-->", "<site-control ", 'permitted-cross-domain-policies="', "none", "all", '"', "/>", "<",
        ">", " xmlns='a'",
        "<allow-access-from ", 'domain="', 'to-ports="', 'secure="', "*.", "*", "507", ",", "-",
        "&lt;", "&#0;", "&#x2e;", "&a;", "]]>", "<![CDATA[", "<?x ", "?>", "\0", "\u2028",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join).map(str.encode) | st.binary(max_size=300))
def test_whatever_is_sent_is_a_policy_or_none(data: bytes) -> None:
    with contextlib.suppress(PolicyError):
        read_policy(data)
