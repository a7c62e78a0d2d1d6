"""Stands before the real uvloop on the path of a bridge that is to run on asyncio's own loop."""

raise ImportError
