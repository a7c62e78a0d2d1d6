"""What one stranger can cost the chat."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChatLimits:
    # Connections at a time; one more is told so and closed.
    max_clients: int = 100

    # Longest message, its zero byte not counted. A page of text is 4 KB.
    max_message_bytes: int = 1 << 16

    # Longest name, in characters.
    max_name_length: int = 32

    # What may wait for a slow reader before it is dropped: far more than the longest message can
    # become when it is told on (an ampersand in CDATA leaves as five bytes, `&amp;`).
    max_unsent_bytes: int = 1 << 20

    # How long the welcome waits for a policy-file request. Flash Player asks right after connecting
    # and takes the first message for the policy, so nothing may precede that.
    policy_grace_s: float = 0.05

    # How long stopping waits for the last messages to go out.
    stop_s: float = 1.0
