// How a bound on a pack's process is written, in the YAML beside the pack and as the value of a key: one reading, so
// that both take and refuse the same.

import HostBase
import HostSandbox

/// One of the bounds that have a number.
public struct LimitForm: Sendable {
    /// What it may be.
    let range: ClosedRange<Int>
    /// Whether it is of bytes, and takes their units.
    let isSize: Bool
    /// Whether there may be no bound.
    let mayBeNone: Bool

    public static let memory = LimitForm(range: PackLimits.memoryRange, isSize: true, mayBeNone: true)
    public static let threads = LimitForm(range: PackLimits.threadRange, isSize: false, mayBeNone: true)
    public static let openFiles = LimitForm(range: PackLimits.openFileRange, isSize: false, mayBeNone: false)
    public static let fileSize = LimitForm(range: PackLimits.fileSizeRange, isSize: true, mayBeNone: true)

    /// Why something is none of it, to follow the value or its key.
    public struct Fault: Error, Sendable {
        public let problem: String
    }

    /// - Returns: `nil`: no bound, which `none` says.
    public func bound(_ text: String) throws(Fault) -> Int? {
        if mayBeNone, text == "none" { return nil }
        let number = isSize ? ByteCount(parsing: text)?.bytes : Int(text)
        if let number, range.contains(number) { return number }
        throw Fault(problem: problem + (isSize && number == nil ? Self.advice(text) : ""))
    }

    /// The least that it may be, and the most.
    var ends: (least: String, most: String) {
        isSize
            ? (ByteCount(range.lowerBound).text, ByteCount(range.upperBound).text)
            : ("\(range.lowerBound)", "\(range.upperBound)")
    }

    private var problem: String {
        let kind = "\(isSize ? "a size" : "a whole number") from \(ends.least) to \(ends.most)"
        return mayBeNone ? "is neither \(kind) nor `none`" : "is not \(kind)"
    }

    private static func advice(_ text: String) -> String {
        "; \(ByteCount.form)" + (ByteCount.guess(text).map { ": \($0) in place of \(text)" } ?? "")
    }
}
