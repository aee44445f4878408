// Times as operators write and read them.

import NIOCore

extension TimeAmount {
    /// A whole number with `ms`, `s`, `m` or `h`; a bare number counts seconds.
    public init?(parsing text: String) {
        let digits = text.prefix(while: \.isNumber)
        guard let count = Int64(digits), count <= 1_000_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": self = .milliseconds(count)
        case "", "s": self = .seconds(count)
        case "m": self = .minutes(count)
        case "h": self = .hours(count)
        default: return nil
        }
    }

    /// As an operator would write it.
    public var text: String {
        nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000)s" : "\(nanoseconds / 1_000_000)ms"
    }
}
