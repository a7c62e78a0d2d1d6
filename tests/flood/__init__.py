"""Sides that lag: hundreds of sessions at a time in which one side sends without end and the other
reads nothing. Measured are the bridge's memory, what others notice of it, and how it ends.

    deaf      clients that read nothing, and clients that send without end, by transport
    probe     healthy sessions beside them, in a process of their own, which time their round trips
    run       one measurement
"""
