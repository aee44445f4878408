// How a pack is, at one moment, as its operator is told: a value.

import HostSandbox
import NIOCore

/// What an engine knows of the pack that it runs.
public struct EngineVitals: Sendable, Equatable {
    public enum State: String, Sendable, Equatable {
        case starting, running
        /// It went down, and is being started again or waits for that.
        case restarting
        /// It is not started again by itself.
        case failed
        case stopping, stopped
    }

    /// A tool that is not let in for now.
    public struct Quarantine: Sendable, Equatable {
        public var tool: String
        /// How the process ended the last time that it was put down to the tool, to follow "the process".
        public var reason: String

        public init(tool: String, reason: String) {
            self.tool = tool
            self.reason = reason
        }
    }

    public var isolation: PackIsolation
    public var state: State
    /// The process in which it runs; `nil` while there is none.
    public var process: Int32?
    /// Since it was started for the last time; `nil` while it does not run.
    public var uptime: TimeAmount?
    /// How often it was started again.
    public var restartCount: Int
    /// Why it went down or was started again; the last of these times, the latest one at the end.
    public var restarts: [RestartPolicy.Event]
    /// The proportional set size of its process, in bytes; `nil` where that is the host's own.
    public var memory: Int?
    /// How long until it is started again; `nil` where nothing is due.
    public var nextStart: TimeAmount?
    /// Tools that are not let in for now.
    public var quarantined: [Quarantine]
    /// Where lies what it wrote before it went down; `nil` where there is nothing.
    public var lastWordsPath: String?
    /// How its process is confined; `nil` where it has none.
    public var sandbox: SandboxReport?
    /// What its process may use up; `nil` where that is the host's own.
    public var limits: PackLimits?
    /// What of it is in use; `nil` while there is no process of its own.
    public var usage: PackUsage?
    /// Whether the system itself holds it to its threads, and not the host, by counting them.
    public var hasThreadsHeld: Bool

    public init(
        isolation: PackIsolation, state: State, process: Int32?, uptime: TimeAmount?, restartCount: Int = 0,
        restarts: [RestartPolicy.Event] = [], memory: Int? = nil, nextStart: TimeAmount? = nil,
        quarantined: [Quarantine] = [], lastWordsPath: String? = nil, sandbox: SandboxReport? = nil,
        limits: PackLimits? = nil, usage: PackUsage? = nil,
        hasThreadsHeld: Bool = false
    ) {
        self.isolation = isolation
        self.state = state
        self.process = process
        self.uptime = uptime
        self.restartCount = restartCount
        self.restarts = restarts
        self.memory = memory
        self.nextStart = nextStart
        self.quarantined = quarantined
        self.lastWordsPath = lastWordsPath
        self.sandbox = sandbox
        self.limits = limits
        self.usage = usage
        self.hasThreadsHeld = hasThreadsHeld
    }
}

extension EngineVitals.State {
    /// Of a pack that is started once and never again.
    public init(_ phase: EngineLife.Phase) {
        self =
            switch phase {
            case .new, .starting: .starting
            case .running: .running
            case .stopping: .stopping
            case .stopped: .stopped
            case .refused: .failed
            }
    }
}

/// How a pack in service is.
public struct PackVitals: Sendable, Equatable {
    public var pack: String
    public var version: String
    /// Its file in the plugins folder.
    public var file: String
    public var engine: EngineVitals
    /// Calls that it has not settled, waiting ones included.
    public var openCalls: Int

    public init(pack: String, version: String, file: String, engine: EngineVitals, openCalls: Int) {
        self.pack = pack
        self.version = version
        self.file = file
        self.engine = engine
        self.openCalls = openCalls
    }
}

extension Pack {
    /// How it is now. May take milliseconds, so not on an event loop.
    public var vitals: PackVitals {
        PackVitals(pack: id, version: version, file: file, engine: desk.engine.vitals, openCalls: desk.openCalls)
    }
}
