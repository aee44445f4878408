// How a host is, at one moment, as its operator is told over the control socket.

import HostBase
import HostCalls
import HostSandbox
import JSON
import NIOCore

/// The host and its packs: a value.
public struct HostVitals: Sendable, Equatable {
    public enum State: String, Sendable {
        /// Packs are loaded and started; nobody is served yet.
        case starting
        case serving
        /// It was asked to end.
        case stopping
    }

    /// Of its folder.
    public var number: Int
    public var version: String
    public var state: State
    public var process: Int32
    /// Where it listens; `nil` while it does not.
    public var address: String?
    public var uptime: TimeAmount
    /// The proportional set size, in bytes.
    public var memory: Int?
    /// Open connections of clients.
    public var connections: Int
    public var packs: [PackVitals]
    /// What is not served, and why.
    public var refusals: [PackRefusal]

    public init(
        number: Int, version: String, state: State, process: Int32, address: String?, uptime: TimeAmount, memory: Int?,
        connections: Int, packs: [PackVitals], refusals: [PackRefusal]
    ) {
        self.number = number
        self.version = version
        self.state = state
        self.process = process
        self.address = address
        self.uptime = uptime
        self.memory = memory
        self.connections = connections
        self.packs = packs
        self.refusals = refusals
    }

    /// The answer to `status`.
    public var json: JSONValue {
        [
            "host": [
                "number": JSONValue(number), "version": .string(version), "state": .string(state.rawValue),
                "pid": JSONValue(Int(process)), "address": address.map(JSONValue.string) ?? .null,
                "uptime_seconds": uptime.json, "memory_bytes": memory.map { JSONValue($0) } ?? .null,
                "connections": JSONValue(connections),
            ],
            "packs": .array(packs.map(\.json)),
            "refused": .array(
                refusals.map { item in
                    [
                        "file": .string(item.file), "tool": item.tool.map(JSONValue.string) ?? .null,
                        "reason": .string(item.reason),
                    ]
                }),
        ]
    }
}

extension PackVitals {
    var json: JSONValue {
        [
            "pack": .string(pack), "version": .string(version), "file": .string(file),
            "isolation": .string(engine.isolation.rawValue), "state": .string(engine.state.rawValue),
            "pid": engine.process.map { JSONValue(Int($0)) } ?? .null,
            "uptime_seconds": engine.uptime?.json ?? .null,
            "sandbox": engine.sandbox?.json ?? .null,
            "memory_bytes": engine.memory.map { JSONValue($0) } ?? .null, "open_calls": JSONValue(openCalls),
            "restart_count": JSONValue(engine.restartCount),
            "restarts": .array(
                engine.restarts.map { ["time": .string($0.date.timestamp), "reason": .string($0.reason)] }),
            "next_start_seconds": engine.nextStart?.json ?? .null,
            "quarantined_tools": .array(engine.quarantined.map { .string($0.tool) }),
            "quarantine_reasons": quarantineReasons,
            "limits": engine.limits?.vitals(threadsBy: engine.hasThreadsHeld ? "system" : "host") ?? .null,
            "usage": engine.usage?.vitals ?? .null,
            "last_words": engine.lastWordsPath.map(JSONValue.string) ?? .null,
        ]
    }
}

extension PackVitals {
    /// By tool.
    private var quarantineReasons: JSONValue {
        var reasons = JSONObject()
        for item in engine.quarantined { reasons[item.tool] = .string(item.reason) }
        return .object(reasons)
    }
}

extension PackLimits {
    /// - Parameter holder: who holds the process to its threads.
    fileprivate func vitals(threadsBy holder: String) -> JSONValue {
        [
            "memory_bytes": memory.map { JSONValue($0) } ?? .null, "threads": threads.map { JSONValue($0) } ?? .null,
            "threads_held_by": threads == nil ? .null : .string(holder),
            "open_files": JSONValue(openFiles), "file_size_bytes": fileSize.map { JSONValue($0) } ?? .null,
            "core_dumps": .bool(keepsCoreDumps),
        ]
    }
}

extension PackUsage {
    fileprivate var vitals: JSONValue { ["memory_bytes": JSONValue(memory), "threads": JSONValue(threads)] }
}

extension TimeAmount {
    /// Seconds, to a thousandth.
    fileprivate var json: JSONValue { JSONValue(Double(nanoseconds / 1_000_000) / 1000) }
}
