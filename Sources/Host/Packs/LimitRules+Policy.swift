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
        case "memory": memory = .some(try Self.size(value, key, PackLimits.memoryRange, example: "512MiB"))
        case "threads":
            threads = .some(value.string == "none" ? nil : try Self.number(value, key, PackLimits.threadRange, "128"))
        case "open_files": openFiles = try Self.number(value, key, PackLimits.openFileRange, "2048", orNone: false)
        case "file_size": fileSize = .some(try Self.size(value, key, PackLimits.fileSizeRange, example: "8GiB"))
        case "core_dumps": keepsCoreDumps = try PackPolicy.flag(value, at: key)
        default: return false
        }
        return true
    }

    private static func size(
        _ value: JSONValue, _ key: String, _ range: ClosedRange<Int>, example: String
    ) throws(PolicyFault) -> Int? {
        let text = value.string ?? value.number?.lexeme ?? ""
        if text == "none" { return nil }
        if let bytes = ByteCount(parsing: text)?.bytes, range.contains(bytes) { return bytes }
        throw PolicyFault(
            key: key,
            problem:
                "is neither a size from \(ByteCount(range.lowerBound).text) to \(ByteCount(range.upperBound).text) "
                + "nor `none`",
            example: example)
    }

    private static func number(
        _ value: JSONValue, _ key: String, _ range: ClosedRange<Int>, _ example: String, orNone: Bool = true
    ) throws(PolicyFault) -> Int {
        if let number = value.int64.map(Int.init(clamping:)), range.contains(number) { return number }
        let kind = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        throw PolicyFault(
            key: key, problem: orNone ? "is neither \(kind) nor `none`" : "is not \(kind)", example: example)
    }
}
