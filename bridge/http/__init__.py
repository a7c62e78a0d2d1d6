"""What the transports share of HTTP: who asks, in which terms, and how they are answered."""
