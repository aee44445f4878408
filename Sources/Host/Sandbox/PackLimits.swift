// What a pack in a process of its own may use up.

import HostBase
import JSON

/// The bounds of one process, with whatever it starts not counted. `nil`: there is none.
public struct PackLimits: Sendable, Equatable {
    /// Bytes of memory: of its own, shared, and swapped out (``PackUsage``).
    public var memory: Int?
    /// Threads, the host's own ones in it included.
    public var threads: Int?
    /// Descriptors, the host's own ones in it included.
    public var openFiles: Int
    /// Bytes of each file that it writes.
    public var fileSize: Int?
    /// Whether a crash may leave a core dump.
    public var keepsCoreDumps: Bool

    public init(memory: Int?, threads: Int?, openFiles: Int, fileSize: Int?, keepsCoreDumps: Bool) {
        self.memory = memory
        self.threads = threads
        self.openFiles = openFiles
        self.fileSize = fileSize
        self.keepsCoreDumps = keepsCoreDumps
    }

    /// Where nobody says anything else.
    public static let standard = PackLimits(
        memory: 1 << 30, threads: 256, openFiles: 1024, fileSize: 4 << 30, keepsCoreDumps: false)

    /// How often a process may watch descriptors by epoll(7) for each that it may have. The kernel has a bound for all
    /// of a user's processes, the host included, and a thousand descriptors can be used to reach it: each instance
    /// watches each file once for every number that it was known by. A program has a few instances, or one for each
    /// thread, and watches a file once or twice.
    static let watchesAFile = 16

    /// How often descriptors may be watched.
    public var watches: Int { openFiles * Self.watchesAFile }

    /// Below this a process that has loaded no pack would be beyond its bound.
    public static let memoryRange = (32 << 20)...(64 << 40)
    public static let threadRange = 16...1_000_000
    public static let openFileRange = 64...1_048_576
    public static let fileSizeRange = (64 << 10)...(64 << 40)

    /// With what an operator says of one pack.
    public func with(_ rules: LimitRules) -> PackLimits {
        PackLimits(
            memory: rules.memory ?? memory, threads: rules.threads ?? threads, openFiles: rules.openFiles ?? openFiles,
            fileSize: rules.fileSize ?? fileSize, keepsCoreDumps: rules.keepsCoreDumps ?? keepsCoreDumps)
    }

    /// Why a process could not even do the host's part under these bounds; `nil` where it can.
    ///
    /// - Parameters:
    ///   - loops: event loops of the host, for each of which the process has a descriptor.
    ///   - workers: threads of it that take calls.
    public func shortfall(loops: Int, workers: Int) -> String? {
        let files = loops + 32
        if openFiles < files {
            return "open_files lets its process have \(openFiles), and the host needs up to \(files) of them; more are "
                + "allowed by `open_files:` in its YAML, or PACK_OPEN_FILES"
        }
        let own = workers + 8
        if let threads, threads < own {
            return
                "threads lets its process have \(threads), and the host needs up to \(own) of them; more are allowed "
                + "by `threads:` in its YAML, or PACK_THREADS, and fewer needed with a lower TOOL_PACK_WORKERS"
        }
        return nil
    }

    // MARK: On the way to the process

    var json: JSONValue {
        [
            "memory": Self.json(memory), "threads": Self.json(threads), "open_files": JSONValue(openFiles),
            "file_size": Self.json(fileSize), "core_dumps": .bool(keepsCoreDumps),
        ]
    }

    private static func json(_ bound: Int?) -> JSONValue { bound.map { JSONValue($0) } ?? .null }

    /// `nil` for whatever ``json`` does not make.
    init?(json: JSONValue) {
        guard let openFiles = json["open_files"]?.int64, let keeps = json["core_dumps"]?.bool,
            let memory = Self.bound(json["memory"]), let threads = Self.bound(json["threads"]),
            let fileSize = Self.bound(json["file_size"])
        else { return nil }
        self.init(
            memory: memory, threads: threads, openFiles: Int(openFiles), fileSize: fileSize, keepsCoreDumps: keeps)
    }

    private static func bound(_ value: JSONValue?) -> Int?? {
        guard let value else { return nil }
        if value.isNull { return .some(nil) }
        guard let bound = value.int64 else { return nil }
        return Int(bound)
    }
}

/// What an operator says of one pack. Whatever it leaves out is the deployment's.
public struct LimitRules: Sendable, Equatable {
    /// `.some(nil)`: no bound.
    public var memory: Int??
    public var threads: Int??
    public var openFiles: Int?
    public var fileSize: Int??
    public var keepsCoreDumps: Bool?

    public init() {}
}
