"""The answer to `<policy-file-request/>`, without which Flash Player connects nowhere.

Since Flash Player 9.0.124 every socket needs a policy, even to the movie's own host. One from a
port of 1024 or above may grant only such ports; this one grants the very port it comes from.
"""


def policy_file(port: int) -> bytes:
    """Lets every movie in, local files too, as the chat is there to be tried."""
    grant = f'<allow-access-from domain="*" to-ports="{port}"/>'
    return f'<?xml version="1.0"?><cross-domain-policy>{grant}</cross-domain-policy>'.encode()
