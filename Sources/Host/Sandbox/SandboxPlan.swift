// All that a pack's process is told before it loads the pack: what it keeps to from then on.

import Glibc
import HostBase
import JSON

/// How one process is confined. Goes over a pipe, as a length (4 bytes, the lowest first) and a JSON object.
public struct SandboxPlan: Sendable, Equatable {
    public var level: SandboxLevel
    public var network: SandboxNetwork
    /// Whether it may start processes.
    public var allowsProcesses = false
    /// Files and folders that it may read beyond its own; absolute, as all paths here, and without links: one that a
    /// pack has put there meanwhile opens nothing.
    public var read: [String] = []
    /// And those that it may write to as well.
    public var write: [String] = []
    /// What it may read nothing of, where it may read all else (`standard`): the host's.
    public var hidden: [String] = []
    /// Its own folder; `nil` where it has none.
    public var folder: String?
    /// The file that is loaded.
    public var file: String
    /// The highest version of Landlock that is used.
    public var landlockLimit = Int(Int32.max)
    /// Whether refused system calls are told to the host, which answers them.
    public var tellsRefusals = false
    /// What it may use up, at every level.
    public var limits = PackLimits.standard
    /// Whether it is not to load the pack where the system lacks a layer.
    public var isRequired = false

    /// The most bytes that are taken for one.
    private static let sizeLimit = 1 << 20

    public init(level: SandboxLevel, network: SandboxNetwork, file: String) {
        self.level = level
        self.network = network
        self.file = file
    }

    /// The same with more opened to a pack that is confined at all.
    public func opening(_ paths: [OpenPath]) -> SandboxPlan {
        guard level != .off else { return self }
        var plan = self
        for path in paths {
            switch path.access {
            case .read: plan.read.append(path.path)
            case .readWrite: plan.write.append(path.path)
            }
        }
        return plan
    }

    /// As it goes over a pipe.
    public var frame: [UInt8] {
        let bytes = json.bytes()
        let count = UInt32(bytes.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) } + bytes
    }

    /// What comes over a pipe, of which nothing else is read.
    ///
    /// - Returns: `nil` for anything but what ``frame`` made.
    public static func receive(from pipe: Int32) -> SandboxPlan? {
        guard let head = DescriptorBytes.next(4, of: pipe) else { return nil }
        let count = head.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard count <= sizeLimit, let bytes = DescriptorBytes.next(count, of: pipe) else { return nil }
        return (try? JSONValue(parsing: bytes)).flatMap(SandboxPlan.init(json:))
    }

    var json: JSONValue {
        func list(_ paths: [String]) -> JSONValue { .array(paths.map { .string($0) }) }
        return [
            "level": .string(level.rawValue), "network": .string(network.rawValue),
            "processes": .bool(allowsProcesses), "read": list(read), "write": list(write), "hidden": list(hidden),
            "folder": folder.map { .string($0) } ?? .null, "file": .string(file),
            "landlock": .number(JSONNumber(Int64(landlockLimit))), "tells": .bool(tellsRefusals),
            "required": .bool(isRequired), "limits": limits.json,
        ]
    }

    init?(json: JSONValue) {
        func list(_ name: String) -> [String]? { json[name]?.array?.compactMap(\.string) }
        guard let level = json["level"]?.string.flatMap(SandboxLevel.init),
            let network = json["network"]?.string.flatMap(SandboxNetwork.init), let file = json["file"]?.string,
            let read = list("read"), let write = list("write"), let hidden = list("hidden"),
            let processes = json["processes"]?.bool, let landlock = json["landlock"]?.int64,
            let tells = json["tells"]?.bool, let required = json["required"]?.bool,
            let limits = json["limits"].flatMap(PackLimits.init(json:))
        else { return nil }
        self.init(level: level, network: network, file: file)
        (self.read, self.write, self.hidden) = (read, write, hidden)
        (allowsProcesses, tellsRefusals, isRequired) = (processes, tells, required)
        self.limits = limits
        folder = json["folder"]?.string
        landlockLimit = Int(landlock)
    }
}
