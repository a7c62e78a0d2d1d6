/**
 * ActionScript's XMLSocket for the browser and for Node, over xmlsocket-bridge.
 *
 *     import { XMLSocket } from "https://play.example.com/bridge/xmlsocket.js";
 *
 *     const socket = new XMLSocket();
 *     socket.onConnect = (success) => success && socket.send("<hello/>");
 *     socket.onXML = (document) => console.log(document.documentElement.nodeName);
 *     socket.connect("game.example.com", 9339);
 *
 * What ActionScript's did not do: a broken connection is taken up again where it broke, over
 * WebSocket or long-polling, whichever gets through. No message is lost or comes twice meanwhile.
 */
export type Message = string | Uint8Array;
export type State = "connecting" | "open" | "resuming" | "closed";
export type Transport = "websocket" | "long-poll";
export type Options = {
    /**
     * where the bridge is. Left out: the folder that this module came
     * from, which in Node is none
     */
    base?: string | URL;
    /**
     * those allowed, the best one first
     */
    transports?: Transport[];
    /**
     * what the daemon's messages are, as the bridge is
     * configured. Text is not parsed; bytes come as `Uint8Array`
     */
    messages?: "xml" | "text" | "bytes";
    /**
     * shown at each opening, where the
     * bridge asks who one is; a function is called each time
     */
    token?: string | (() => string | Promise<string>);
    /**
     * the same with a ticket of the
     * bridge's, which is good for one opening
     */
    ticket?: string | (() => string | Promise<string>);
    /**
     * whether a session that has failed is followed by a new one. The
     * daemon takes that for another client: each time there is a `close` before and a `connect`
     * after. Not after what would fail again, such as a refusal or an operator's `kicked`
     */
    reconnect?: boolean;
    /**
     * how long a WebSocket may take until data has come through
     */
    openTimeoutMs?: number;
    /**
     * how long to use another transport before the best one is
     * tried again; it doubles with each trial
     */
    returnAfterMs?: number;
    /**
     * for Node before 22, which has none: the class
     * of the package `ws`. Without any only long-polling is used
     */
    WebSocket?: typeof globalThis.WebSocket;
    /**
     * where the transport that gets through is remembered for the
     * next time; `localStorage` if left out, nowhere if `null`
     */
    storage?: Storage | null;
};
export type DataEvent = Event & {
    data: Message;
    number: number;
};
export type XMLEvent = Event & {
    document: XMLDocument;
    number: number;
};
export type FailureEvent = Event & {
    code: string;
    detail: string;
    text: string;
    number: number | null;
    retryAfterS: number;
};
export type CloseEvent = Event & {
    code: string;
    detail: string;
    retryAfterS: number;
    unacknowledged: number;
    willReconnect: boolean;
};
export type Events = {
    connect: Event;
    data: DataEvent;
    xml: XMLEvent;
    close: CloseEvent;
    ioError: FailureEvent;
    securityError: FailureEvent;
    error: FailureEvent;
    busy: FailureEvent;
    drain: Event;
    state: Event;
};
export type Handler<K extends keyof Events> = ((event: Events[K]) => void) | {
    handleEvent(event: Events[K]): void;
} | null;
export type Target = {
    addEventListener: <K extends keyof Events>(type: K, listener: Handler<K>, options?: boolean | AddEventListenerOptions) => void;
    removeEventListener: <K extends keyof Events>(type: K, listener: Handler<K>, options?: boolean | EventListenerOptions) => void;
    dispatchEvent: (event: Event) => boolean;
};
/** @typedef {string | Uint8Array} Message  bytes where the daemon's messages are `bytes` */
/** @typedef {"connecting" | "open" | "resuming" | "closed"} State */
/** @typedef {"websocket" | "long-poll"} Transport */
/**
 * @typedef {object} Options
 * @property {string | URL} [base]  where the bridge is. Left out: the folder that this module came
 *     from, which in Node is none
 * @property {Transport[]} [transports]  those allowed, the best one first
 * @property {"xml" | "text" | "bytes"} [messages]  what the daemon's messages are, as the bridge is
 *     configured. Text is not parsed; bytes come as `Uint8Array`
 * @property {string | (() => string | Promise<string>)} [token]  shown at each opening, where the
 *     bridge asks who one is; a function is called each time
 * @property {string | (() => string | Promise<string>)} [ticket]  the same with a ticket of the
 *     bridge's, which is good for one opening
 * @property {boolean} [reconnect]  whether a session that has failed is followed by a new one. The
 *     daemon takes that for another client: each time there is a `close` before and a `connect`
 *     after. Not after what would fail again, such as a refusal or an operator's `kicked`
 * @property {number} [openTimeoutMs]  how long a WebSocket may take until data has come through
 * @property {number} [returnAfterMs]  how long to use another transport before the best one is
 *     tried again; it doubles with each trial
 * @property {typeof globalThis.WebSocket} [WebSocket]  for Node before 22, which has none: the class
 *     of the package `ws`. Without any only long-polling is used
 * @property {Storage | null} [storage]  where the transport that gets through is remembered for the
 *     next time; `localStorage` if left out, nowhere if `null`
 */
/**
 * @typedef {Event & { data: Message, number: number }} DataEvent
 * @typedef {Event & { document: XMLDocument, number: number }} XMLEvent
 * @typedef {Event & { code: string, detail: string, text: string, number: number | null,
 *     retryAfterS: number }} FailureEvent
 * @typedef {Event & { code: string, detail: string, retryAfterS: number, unacknowledged: number,
 *     willReconnect: boolean }} CloseEvent
 */
/**
 * @typedef {object} Events
 * @property {Event} connect
 * @property {DataEvent} data
 * @property {XMLEvent} xml
 * @property {CloseEvent} close
 * @property {FailureEvent} ioError
 * @property {FailureEvent} securityError
 * @property {FailureEvent} error
 * @property {FailureEvent} busy
 * @property {Event} drain
 * @property {Event} state
 */
/**
 * @template {keyof Events} K
 * @typedef {((event: Events[K]) => void) | { handleEvent(event: Events[K]): void } | null} Handler
 */
/**
 * An `EventTarget` that knows its events.
 *
 * @typedef {object} Target
 * @property {<K extends keyof Events>(type: K, listener: Handler<K>,
 *     options?: boolean | AddEventListenerOptions) => void} addEventListener
 * @property {<K extends keyof Events>(type: K, listener: Handler<K>,
 *     options?: boolean | EventListenerOptions) => void} removeEventListener
 * @property {(event: Event) => boolean} dispatchEvent
 */
declare const TypedTarget: new () => Target;
/**
 * Events, each with the handler of the same name in ActionScript 2. A handler may be assigned, or
 * overridden in a subclass.
 *
 * - `connect`: the session is open. `onConnect(true)`; when it could not be opened, there is an
 *   `ioError` or `securityError` instead, and then `onConnect(false)`
 * - `data`: a message came, with `data` and its `number`. `onData(data)`; unless replaced, that one
 *   calls `onXML`
 * - `xml`: the same message once parsed, if it is well-formed: `document` and `number`.
 *   `onXML(document)`
 * - `close`: the session was ended, but not by `close()`. `code` and `detail` say why,
 *   `retryAfterS` how many seconds to wait before connecting again, 0 when not said: a bridge that
 *   is restarted asks each page for a different time. Of what was sent, the last `unacknowledged`
 *   messages may not have reached the daemon. `onClose(event)`
 * - `ioError`, `securityError`: the session failed: `code`, `detail`, `retryAfterS` as above, and
 *   `text`, all in one. It is a `securityError` when the bridge refuses this page or this user
 * - `error`: the same two under one name, and messages that the bridge refused, one by one: these
 *   have their `number`, which is `null` when it is the session that failed
 * - `busy`: the bridge opens no session just now: `code` and `detail` say why; it will be asked again
 *   `retryAfterS` seconds later, as long as `timeout` allows
 * - `drain`: all that was sent is acknowledged, a good time to send more
 * - `state`: `state`, `transport`, `numbers` or `bufferedAmount` changed
 */
export declare class XMLSocket extends TypedTarget {
    #private;
    /** How many milliseconds a session may take to be opened, the next time. */
    timeout: number;
    /** @param {Options} [options] */
    constructor(options?: Options);
    /** @param {boolean} _success */
    onConnect(_success: boolean): void;
    /** @param {Message} data */
    onData(data: Message): void;
    /** @param {XMLDocument} _document */
    onXML(_document: XMLDocument): void;
    /** @param {CloseEvent} _event */
    onClose(_event: CloseEvent): void;
    /** @returns {State} */
    get state(): State;
    /** Whether a session is open, be it that its connection is just being taken up again. */
    get connected(): boolean;
    /** @returns {Transport | null} the one in use */
    get transport(): Transport | null;
    /** The numbers of the latest messages; they stay after the end. */
    get numbers(): {
        down: {
            received: number;
        };
        up: {
            sent: number;
            acknowledged: number;
        };
    };
    /** Bytes of the messages sent that the bridge has not acknowledged yet. */
    get bufferedAmount(): number;
    /** The session's name in the bridge's log, or `null`. */
    get id(): string | null;
    /**
     * Opens a session with a daemon; one that is open is closed before.
     *
     * @param {string | null} host  with `port`: the host as the movie knew it, `null` for the page's
     *     own. Without: the name of a daemon in the bridge's configuration
     * @param {number} [port]
     * @returns {boolean} true, as in ActionScript 2: it is under way
     */
    connect(host: string | null, port?: number): boolean;
    /**
     * Sends a message; XML is serialised, anything else is sent as its text, as in ActionScript.
     *
     * @param {unknown} message
     * @returns {number} its number, which the `error` says if the bridge refuses it
     * @throws {DOMException} `InvalidStateError` when not connected
     * @throws {RangeError} when it is longer than the bridge allows
     * @throws {TypeError} when it cannot be a message of this daemon
     */
    send(message: unknown): number;
    /** Closes at once, for the page: no event but `state` follows. What was sent is delivered yet. */
    close(): void;
}
export {};
