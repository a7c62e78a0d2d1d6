"""Random plans: clients on all transports, a daemon of many moods, and a network that does all that
networks do wrong. Afterwards both ends must hold the same numbered logs.

    plan     what happens, all of it drawn from one seed
    author   what each message says, and the checksums of a log
    daemon   the daemon's part
    client   the part of a client that can resume; legs, one for each transport, carry it
    library  the project's own client, bridge.client, in the place of such a one
    bound    the part of clients that cannot: plain, raw, exchange
    oracle   compares both ends
    run      many plans at a time against one bridge
"""
