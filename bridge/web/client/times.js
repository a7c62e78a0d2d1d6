/** How long the client waits, and for what. */

// What Flash Player gives a connection by default, and more than a bridge gives its daemon.
export const OPEN_LIMIT_MS = 20_000;

// On top of the time a request may be held: a slow mobile network's round trips and transfer.
export const SLACK_MS = 10_000;

// Longer than a handshake takes over any network worth using, short enough for a user to wait
// behind a proxy that swallows WebSockets.
export const WEBSOCKET_LIMIT_MS = 5_000;

// A connection on which pings were due so often has answered them: what goes up gets through.
export const HEARTBEATS_TO_PROVE = 3;

// A connection, or a session, that held this long was a good one: what breaks it says nothing about
// the transport, and nothing about the daemon.
export const STEADY_MS = 10_000;

// How long to stay with another transport before the best one is tried again, at first.
export const STAY_MS = 30_000;

// How long to leave a daemon alone that does not read, when the bridge did not say.
export const SLOW_PAUSE_S = 1;

// How long a closed link may go on to deliver what was sent before.
export const LINGER_MS = 5_000;

// Between two sessions, when the bridge says nothing else. A daemon that ends sessions as soon as
// they are open is not to be asked at the pace of one that fails now and then.
export const LONGEST_PAUSE_MS = 30_000;
