// How a pack is run, as far as its desk has to know.

import NIOCore
import ToolABI

/// How `invoke` came back.
public enum Invocation: ~Copyable {
    /// The tool completes later.
    case pending
    case ended(PackResult)

    var isPending: Bool {
        switch self {
        case .pending: true
        case .ended: false
        }
    }
}

/// Runs one pack: tools are numbers to it, a call is a block of bytes. It finds open calls by their numbers in the
/// table of calls and tells their desks what comes of them later. It is a ``LocalEngine`` or a ``RemoteEngine``.
public protocol PackEngine: AnyObject, Sendable {
    var state: EngineLife.Phase { get }

    /// Starts the pack, once. Blocks as long as the pack does; `state` says what came of it.
    ///
    /// - Parameters:
    ///   - config: a JSON object.
    ///   - deadline: what the pack is told of it. Nobody is kept from waiting longer.
    func start(config: [UInt8], deadline: NIODeadline)

    /// Nobody waits for the start any more. Changes nothing where it has an end.
    func giveUp(_ reason: String)

    /// Where the word of a call is to lie, if not in the call's block. Asked for each call, also for those that find no
    /// place in the pack.
    func word(of call: tool_call_id) -> CallWord?

    /// Nobody looks at the word of a call any more, or writes it: asked for each that it gave out, once.
    func takeBack(_ word: CallWord, of call: tool_call_id)

    /// Tells the pack that nobody waits for a call any more. Never blocks.
    func cancel(_ call: tool_call_id, _ reason: tool_status)

    /// A call is over for the pack, too, and so is what it began for it. Never blocks.
    func settled(_ call: tool_call_id)

    /// Ends the pack, into which no call goes any more. Blocks.
    ///
    /// - Parameters:
    ///   - empty: until when to wait for threads that are inside the pack.
    ///   - deadline: what the pack is told.
    /// - Returns: `false` where one was still inside: the pack is not stopped then.
    func stop(emptyBy empty: NIODeadline, deadline: NIODeadline) -> Bool

    /// Starts the pack again, and calls of it are let in as soon as it runs. Returns before that, and never blocks for
    /// long.
    ///
    /// - Parameter reason: for the log and for whoever looks later.
    /// - Throws: why it is left as it is.
    func restart(_ reason: String) throws(RestartObjection)

    /// How the pack is now. May take milliseconds, so not on an event loop.
    var vitals: EngineVitals { get }

    /// The process of its own that the pack runs in now; `nil` where there is none.
    var ownProcess: Int32? { get }
    /// Whether it is not started again by itself.
    var isGivenUp: Bool { get }
    /// How many of its tools are not let in for now.
    var quarantinedTools: Int { get }
    /// Whether a backend that the pack asked to watch is down.
    var isWaiting: Bool { get }
    /// The URLs of backends that the pack asked to watch.
    var watched: [String] { get }
}

/// Runs a pack in this process, on the threads of whoever calls it.
public protocol LocalEngine: PackEngine {
    /// Runs a tool on this thread, and may block.
    ///
    /// - Parameters:
    ///   - tool: its place in the pack's table.
    ///   - limit: the most bytes of a result.
    func invoke(_ block: borrowing CallBlock, tool: Int, limit: Int) -> Invocation
}

/// What it cannot survive the host does not, either.
extension LocalEngine {
    public var ownProcess: Int32? { nil }
    public var isGivenUp: Bool { false }
    public var quarantinedTools: Int { 0 }
}

/// Hands calls to a pack that runs elsewhere. What comes back it tells the call's desk (``PackDesk/cameBack(_:_:)``,
/// ``PackDesk/complete(_:_:at:)``), and what will never come back as well (``PackDesk/lost(_:_:isInside:)``).
public protocol RemoteEngine: PackEngine {
    /// The number by which it knows an event loop, where calls of that loop are answered.
    func home(of eventLoop: any EventLoop) -> Int

    /// Hands a call over. Never blocks.
    ///
    /// - Returns: why it is not handed over; `nil` where it is.
    func send(_ call: Call) -> CallFailure?
}
