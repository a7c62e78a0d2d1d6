"""The way to a daemon: from its name in the configuration to bytes on a connection."""
