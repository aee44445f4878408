// What goes over a ring: numbers alone. Whatever has more to say lies in an arena.

/// One entry of a ring, of 56 bytes. What each number means depends on the kind (``LaneKind``); none is trusted.
@frozen public struct LaneEntry: BitwiseCopyable, Sendable, Equatable {
    public var kind: UInt32
    /// A tool's number, a status, a level.
    public var code: UInt32
    /// Of a call, or of a request.
    public var id: UInt64
    /// Which open call of its sender or receiver it is about.
    public var ticket: UInt64
    /// Where in the arena it begins, in bytes.
    public var offset: UInt64
    /// Bytes there.
    public var size: UInt64
    public var more: UInt64
    public var most: UInt64

    /// In `most` of a result: its message is what about it breaks the contract.
    public static let isFault: UInt64 = 1 << 32
    /// The same: there are lines of the log about the call, which may be read later.
    public static let hasSpoken: UInt64 = 1 << 33

    /// In `most` of a call: its tool promises never to block, and its operator lets that count.
    public static let isBrief: UInt64 = 1 << 32

    /// Of a call: the lane that is answered on.
    public var lane: Int { Int(UInt32(truncatingIfNeeded: most)) }

    @inline(__always)
    public init(
        _ kind: LaneKind, code: UInt32 = 0, id: UInt64 = 0, ticket: UInt64 = 0, offset: UInt64 = 0, size: UInt64 = 0,
        more: UInt64 = 0, most: UInt64 = 0
    ) {
        self.kind = kind.rawValue
        self.code = code
        self.id = id
        self.ticket = ticket
        self.offset = offset
        self.size = size
        self.more = more
        self.most = most
    }
}

/// What an entry says.
public enum LaneKind: UInt32, Sendable {
    // From the host to the runner.

    /// A call: `code` the tool's number, `id`, `ticket`, its block at `offset` with `size`, `more` the most bytes of a
    /// result, `most` the lane that is answered on (32 bits), with ``LaneEntry/isBrief``.
    case call = 1
    /// Nobody waits for call `id`, `ticket` any more: `code` says why.
    case cancel
    /// How the request `id` ended: at `offset` with `size` a ``ResponseHead``, and at `most` a body of `more` bytes,
    /// both in blocks of their own.
    case outcome

    // From the runner to the host.

    /// `invoke` of call `id`, `ticket` came back with `TOOL_PENDING`.
    case pending = 17
    /// `invoke` came back with a result: `code` the status, `offset` and `size` its content, with the message of `more`
    /// bytes behind it, `most` the milliseconds after which to come again (32 bits), with ``LaneEntry/isFault`` and
    /// ``LaneEntry/hasSpoken``.
    case returned
    /// The same by `complete`.
    case completed
    /// How far a call is: at `offset` two numbers and a message.
    case progress
    /// A line of the log: `code` the level; at `offset` the message and the attributes.
    case log
    /// A request for `http/1`: `id` its number, `ticket` that of its call, at `offset` with `size` a ``RequestHead``,
    /// and at `most` a body of `more` bytes, both in blocks of their own.
    case request
    /// The request `id` is not wanted any more. On the ring that it went by.
    case forget
    /// A backend to be watched: its URL at `offset`.
    case watch
    /// A call was settled that is not open: `id`.
    case twice
    /// A contract was broken in another way: a text at `offset`.
    case fault
    /// A request of call `id` was refused by the runner: at `offset` two texts, what for and why.
    case refused
    /// A function that was told of the end of a request took `more` milliseconds.
    case slow

    /// Whether a kind takes a call further, of which there are no more than calls.
    @inline(__always)
    public static func settles(_ kind: UInt32) -> Bool {
        kind >= pending.rawValue && kind <= completed.rawValue
    }
}
