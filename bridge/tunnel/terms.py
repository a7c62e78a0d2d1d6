"""What a client is told when its session opens, and when it comes back."""

from bridge.tunnel.session import Session


def terms_of(session: Session) -> dict[str, object]:
    """The members of the contract's `open`."""
    config = session.config
    return {
        "id": session.id,
        "key": session.key,
        "wait_s": config.wait_s,
        "resume_s": config.resume_s,
        "heartbeat_s": config.heartbeat_s,
        "max_message_bytes": session.daemon.max_message_bytes,
        "max_unacked_bytes": config.max_unacked_bytes,
    }
