// How the process of a pack ended, in the words that the log and `status` have for it.

import Glibc
import HostBase
import HostSandbox
import Logging
import NIOCore

/// The end of one process that ran a pack.
public struct RunnerEnd: Sendable, Equatable {
    /// What the system says of it.
    public enum Way: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32, hasCore: Bool)
        /// Nobody could be asked.
        case unknown
    }

    /// Why the host ended it, or knows who did.
    public enum Cause: Sendable, Equatable {
        /// A call went on after its deadline and for a while longer.
        case stuck
        /// A signal had stopped it, such as SIGSTOP.
        case stopped(by: Int32)
        /// What it wrote to the host made no sense.
        case nonsense(String)
        /// It used up more than it may.
        case overLimit(PackOverrun)
        /// Its start took too long.
        case slowStart
        /// Its start gave an error.
        case startFailed(String)
        /// It ended before it had described its pack.
        case undescribed
        /// There was no process that described its pack, for this reason.
        case notStarted(String)
        /// The same, and it is no fault of the pack's: it is tried again and again.
        case hostLacks(String)
        /// Somebody wants another one, or the host stops.
        case asked

        /// Whether it is no fault of the pack's.
        public var isTheHosts: Bool {
            if case .hostLacks = self { true } else { false }
        }

        fileprivate var isStartFailure: Bool {
            if case .startFailed = self { true } else { false }
        }
    }

    /// How many requests are named.
    static let requestLimit = 16

    public var way: Way
    /// `nil`: the pack's own doing, or that of somebody who sent a signal.
    public var cause: Cause?
    /// The tool that it is put down to.
    public var tool: String?
    /// Of the calls that it had.
    public var requestIDs: [String]
    /// Its number; `nil` where there never was one.
    public var process: Int32?
    /// Since it was started.
    public var uptime: TimeAmount
    /// The file of its last words, where it had any.
    public var lastWords: String?

    public init(
        way: Way, cause: Cause? = nil, tool: String? = nil, requestIDs: [String] = [], process: Int32? = nil,
        uptime: TimeAmount, lastWords: String? = nil
    ) {
        self.way = way
        self.cause = cause
        self.tool = tool
        self.requestIDs = requestIDs
        self.process = process
        self.uptime = uptime
        self.lastWords = lastWords
    }

    /// Whether it came from outside, as far as anybody can tell: `kill`, a supervisor, or the system for want of
    /// memory. A pack that sends itself such a signal looks the same, and is given up as a whole in the end.
    public var isFromOutside: Bool {
        guard cause == nil, case .signalled(let number, _) = way else { return false }
        return number == SIGKILL || number == SIGTERM
    }

    var isOverLimit: Bool {
        if case .overLimit = cause { true } else { false }
    }

    /// What happened, to follow "the process": `status` has it as it stands.
    public var reason: String {
        switch cause {
        case nil: return wayText
        case .stuck: return "was killed: a call went on long after its deadline"
        case .stopped(let number): return "was killed: \(SignalName.text(number)) had stopped it"
        case .nonsense(let what): return "was killed: what it told the host made no sense (\(what))"
        case .overLimit(let overrun): return "was killed: it \(overrun.text)"
        case .slowStart: return "was killed: its start did not end in time (TOOL_START_TIMEOUT)"
        case .startFailed(let text): return "its start failed: \(text)"
        case .undescribed: return wayText + " before it had described its pack"
        case .notStarted(let text), .hostLacks(let text): return text
        case .asked: return "was ended by the host, as it was asked to"
        }
    }

    /// The same by itself.
    var sentence: String {
        switch cause {
        case .startFailed, .notStarted, .hostLacks: reason
        default: "it \(reason)"
        }
    }

    private var wayText: String {
        switch way {
        case .exited(let code): "ended itself with exit code \(code)"
        case .signalled(SIGKILL, _): "was killed by SIGKILL, which somebody sent, or the system for want of memory"
        case .signalled(SIGTERM, _): "ended by SIGTERM, which somebody sent"
        case .signalled(let number, let hasCore):
            "ended by \(SignalName.text(number))" + (hasCore ? " and left a core dump" : "")
        case .unknown: "ended, and how is not known"
        }
    }

    /// Some of them, and how many more there were.
    private var requests: String {
        let shown = requestIDs.prefix(Self.requestLimit).joined(separator: ", ")
        let rest = requestIDs.count - Self.requestLimit
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }

    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "reason": "\(sentence)", "uptime_ms": "\(uptime.nanoseconds / 1_000_000)",
        ]
        if let process { metadata["pid"] = "\(process)" }
        if let tool { metadata["tool"] = "\(tool)" }
        if case .overLimit(let overrun) = cause { metadata["limit"] = "\(overrun.limit.rawValue)" }
        switch way {
        // Once it had said what it had to say.
        case .exited where cause.map(\.isStartFailure) == true: break
        case .exited(let code): metadata["exit_code"] = "\(code)"
        case .signalled(let number, _): metadata["signal"] = "\(SignalName.text(number))"
        case .unknown: break
        }
        if !requestIDs.isEmpty { metadata["requests"] = "\(requests)" }
        if let lastWords { metadata["last_words"] = "\(lastWords)" }
        return metadata
    }
}
