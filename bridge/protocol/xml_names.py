"""libxml2's dictionary of names, kept from growing for ever.

lxml gives all parsers of a thread one dictionary, and no name ever leaves it. Messages of
strangers, each with new names in it, fill the memory: 120 MB of them held 130 MB. It is shared only
so that trees of one thread can be compared quickly, but our trees live no longer than a check. So
it is let go from time to time and the next parser begins a new one; a tree that still lives keeps
its own.
"""

import ctypes
from typing import Final

KEY: Final = "_ParserDictionaryContext"
"""Where lxml keeps it in the thread's state; a test sees whether it still does."""

MAX_BYTES: Final = 1 << 20
"""The dictionary is let go after messages of this many bytes; names are no more than that."""

thread_state_dict = ctypes.pythonapi.PyThreadState_GetDict
thread_state_dict.restype = ctypes.c_void_p  # borrowed: to be cast, which takes a reference


class NameDictionary:
    """Counts what is parsed and lets the thread's dictionary go in time."""

    __slots__ = ("_bytes",)

    def __init__(self) -> None:
        self._bytes = 0

    def grow(self, message_bytes: int) -> None:
        """To be called before a message is parsed."""
        self._bytes += message_bytes
        if self._bytes > MAX_BYTES:
            self._bytes = message_bytes
            state = ctypes.cast(thread_state_dict(), ctypes.py_object).value
            state.pop(KEY, None)
