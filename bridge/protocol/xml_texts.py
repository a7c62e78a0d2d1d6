"""Whether a document has a text that is too long, by expat, which builds nothing of it."""

from xml.parsers import expat


class Beyond(Exception):
    """One has been found."""


class Texts:
    """Measures the text between two tags, whatever comments and CDATA sections divide it, values of
    attributes, comments, and what processing instructions say."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._length = 0

    def parser(self) -> expat.XMLParserType:
        """A parser for one document, which raises `Beyond`."""
        parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = self._whole
        parser.ProcessingInstructionHandler = self._instruction
        return parser

    def _start(self, name: str, attributes: list[str]) -> None:
        self._length = 0
        for value in attributes[1::2]:
            self._whole(value)

    def _end(self, name: str) -> None:
        self._length = 0

    def _text(self, part: str) -> None:
        self._length += len(part)
        if self._length > self._most:
            raise Beyond

    def _whole(self, text: str) -> None:
        if len(text) > self._most:
            raise Beyond

    def _instruction(self, target: str, text: str) -> None:
        self._whole(text)


def has_text_beyond(most: int, message: bytes) -> bool:
    """Whether one is longer than so many characters; what is not well-formed is read up to there,
    and left to the parser that comes after."""
    try:
        Texts(most).parser().Parse(message, True)
    except Beyond:
        return True
    except expat.ExpatError:
        return False
    return False
