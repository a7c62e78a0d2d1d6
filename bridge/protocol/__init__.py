"""The wire, without any I/O: bytes and numbers in, bytes and decisions out."""
