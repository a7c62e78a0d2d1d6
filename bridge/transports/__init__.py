"""The ways a client reaches its session, one file each; none knows another."""
