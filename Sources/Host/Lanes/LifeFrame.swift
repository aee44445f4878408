// What host and runner say to each other about the runner's life, on pipes of their own: when to start and stop, and
// what came of it.

import Glibc
import HostBase

/// One message: its kind (1 byte), the bytes of what follows (4, the lowest first), and these.
public struct LifeFrame: Sendable, Equatable {
    public enum Kind: UInt8, Sendable {
        // From the host.
        /// Start: a JSON object, ``RunnerOrders``.
        case go = 1
        /// Stop: until when, in nanoseconds of CLOCK_MONOTONIC, as a decimal number.
        case stop
        // From the runner.
        /// How it is confined, before it loads its pack: ``SandboxReport``. What the host listens to for refused system
        /// calls has been handed over by then, if there is anything.
        case confined = 64
        /// What it describes, or why it does not: for whoever knows packs.
        case described
        case started
        /// Why it did not start.
        case refused
        case stopped

        /// The most bytes of what follows: what goes into a line of the log is short.
        var limit: Int {
            switch self {
            case .go, .described: 64 << 20
            case .refused, .confined: 64 << 10
            case .stop, .started, .stopped: 64
            }
        }
    }

    public var kind: Kind
    public var content: [UInt8]

    static let headSize = 5

    public init(_ kind: Kind, _ content: [UInt8] = []) {
        self.kind = kind
        self.content = content
    }

    public init(_ kind: Kind, text: String) {
        self.init(kind, Array(text.utf8))
    }

    public var text: String { String(decoding: content, as: UTF8.self) }

    public var bytes: [UInt8] {
        let count = UInt32(content.count)
        return [kind.rawValue] + (0..<4).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) } + content
    }
}

/// The exit code of a runner that could not hand the host what that listens to, before it loaded its pack.
public let runnerCannotHandOver: Int32 = 115

/// Takes messages out of what came so far.
public struct LifeReader: Sendable {
    private var bytes: [UInt8] = []
    /// The most bytes of a message from now on, of whatever kind.
    public var longest = Int.max
    /// How many of them belong to messages that were taken out.
    private var taken = 0
    /// Something came that is no message. Nothing is read behind it.
    public private(set) var isBroken = false

    public init() {}

    public mutating func append(_ more: some Sequence<UInt8>) {
        guard !isBroken else { return }
        bytes.removeFirst(taken)
        taken = 0
        bytes += more
    }

    /// The next whole message.
    public mutating func next() -> LifeFrame? {
        let content = taken + LifeFrame.headSize
        guard !isBroken, bytes.count >= content else { return nil }
        let count = bytes[taken + 1..<content].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard let kind = LifeFrame.Kind(rawValue: bytes[taken]), count <= min(kind.limit, longest) else {
            isBroken = true
            (bytes, taken) = ([], 0)
            return nil
        }
        guard bytes.count >= content + count else { return nil }
        taken = content + count
        return LifeFrame(kind, Array(bytes[content..<taken]))
    }
}
