// Which content codings a client takes for what the host has in two forms.

import HostBase

/// `Accept-Encoding` (RFC 9110 section 12.5.3).
public struct AcceptEncoding: Sendable, Hashable {
    public enum Choice: Sendable, Hashable {
        case identity, gzip
        /// The client takes neither.
        case none
    }

    /// Weights in thousandths; `nil` where the client says nothing of the coding.
    private var identity: Int?
    private var gzip: Int?

    /// - Parameter fields: the values of all fields of that name. Without any, every coding is as good as another, and
    ///   the bytes as they are read by more clients than by those that say so.
    public init(_ fields: [String]) {
        var rest: Int?
        for element in fields.joined(separator: ",").split(separator: ",") {
            let parts = element.split(separator: ";", omittingEmptySubsequences: false).map(\.trimmed)
            guard let weight = Self.weight(parts.dropFirst()) else { continue }
            switch parts[0].lowercased() {
            case "gzip", "x-gzip": gzip = gzip ?? weight
            case "identity": identity = identity ?? weight
            case "*": rest = rest ?? weight
            default: break
            }
        }
        gzip = gzip ?? rest
        // Only a weight of nothing says anything of what is acceptable without being named.
        if rest == 0 { identity = identity ?? 0 }
    }

    /// The compressed form where the client likes it as well, since it asked for it.
    public var choice: Choice {
        if let gzip, gzip > 0, gzip >= identity ?? 0 { return .gzip }
        return identity == 0 ? .none : .identity
    }

    public var takesIdentity: Bool { identity != 0 }

    /// The `q` among an element's parameters in thousandths, 1000 without one; `nil` for an element that is not
    /// well-formed, which is as if it were not there.
    private static func weight(_ parameters: ArraySlice<String>) -> Int? {
        guard let parameter = parameters.first else { return 1000 }
        guard parameters.count == 1, parameter.lowercased().hasPrefix("q=") else { return nil }
        let digits = Array(parameter.utf8.dropFirst(2))
        guard (1...5).contains(digits.count), digits[0] == 0x30 || digits[0] == 0x31,
            digits.count == 1 || digits[1] == UInt8(ascii: "."),
            digits.dropFirst(2).allSatisfy({ $0.isASCIIDigit })
        else { return nil }
        var thousandths = Int(digits[0] - 0x30) * 1000
        for (digit, value) in zip(digits.dropFirst(2), [100, 10, 1]) { thousandths += Int(digit - 0x30) * value }
        return thousandths <= 1000 ? thousandths : nil
    }
}
