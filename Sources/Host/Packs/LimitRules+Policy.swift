// What a pack's YAML file says of what the pack may use up.

import HostBase
import HostSandbox
import JSON

extension LimitRules {
    /// The keys, as they are written.
    static let keys = ["memory", "threads", "open_files", "file_size", "core_dumps"]

    /// The first of them that is written; `nil` where none is.
    var firstKey: String? {
        let written = [
            memory != nil, threads != nil, openFiles != nil, fileSize != nil, keepsCoreDumps != nil,
        ]
        return zip(Self.keys, written).first { $0.1 }?.0
    }

    /// Takes the value of a key.
    ///
    /// - Returns: whether it is one of these.
    mutating func take(_ key: String, _ value: JSONValue) throws(PolicyFault) -> Bool {
        switch key {
        case "memory": memory = .some(try Self.bound(value, .memory, key, example: "512MiB"))
        case "threads": threads = .some(try Self.bound(value, .threads, key, example: "128"))
        case "open_files": openFiles = try Self.bound(value, .openFiles, key, example: "2048")
        case "file_size": fileSize = .some(try Self.bound(value, .fileSize, key, example: "8GiB"))
        case "core_dumps": keepsCoreDumps = try PackPolicy.flag(value, at: key)
        default: return false
        }
        return true
    }

    private static func bound(
        _ value: JSONValue, _ form: LimitForm, _ key: String, example: String
    ) throws(PolicyFault) -> Int? {
        do {
            return try form.bound(value.string ?? value.number?.lexeme ?? "")
        } catch {
            throw PolicyFault(key: key, problem: error.problem, example: example)
        }
    }
}
