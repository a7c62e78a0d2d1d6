"""The systems that are measured: this bridge, its peers, and two limits."""
