"""What the command has in common with the page."""

import re

from bridge.doctor.examination import MAX_QUIET_S
from bridge.doctor.finding import TITLES, WORDS
from bridge.http.doctor import MAX_QUIET_S as MOST_ALLOWED_S
from tests.support.bridge import REPOSITORY

PAGE = REPOSITORY / "bridge" / "web" / "doctor" / "page.js"


def test_the_titles_are_those_of_the_page() -> None:
    [written] = re.findall(r"const TITLES = \{(.*?)\};", PAGE.read_text(), re.DOTALL)
    titles = dict(re.findall(r'(\w+): "(\w+)"', written))
    assert {**titles, "client": "Client"} == TITLES


def test_there_are_words_and_a_title_for_each_examination() -> None:
    assert WORDS.keys() == TITLES.keys()


def test_so_long_a_silence_is_asked_for_as_a_bridge_allows() -> None:
    assert MAX_QUIET_S == MOST_ALLOWED_S
