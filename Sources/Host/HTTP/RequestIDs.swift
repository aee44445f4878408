// Names for requests: unique across restarts and cheap to make.

import Synchronization

/// Makes request ids such as `k3v9x2m7-1f`.
final class RequestIDs: Sendable {
    /// Eight digits and a dash: with up to six digits behind them an id is a string that needs no memory of its own.
    private let prefix: InlineArray<9, UInt8>
    private let count = Atomic<UInt64>(0)

    init() {
        var random = UInt64.random(in: 0...UInt64.max)
        prefix = InlineArray { $0 < 8 ? Self.takeDigit(&random) : UInt8(ascii: "-") }
    }

    func next() -> String {
        var rest = count.add(1, ordering: .relaxed).newValue
        // Written from its end on.
        var text = InlineArray<24, UInt8>(repeating: 0)
        var start = text.count
        repeat {
            start -= 1
            text[start] = Self.takeDigit(&rest)
        } while rest > 0
        start -= prefix.count
        for index in prefix.indices { text[start + index] = prefix[index] }
        guard let ascii = try? UTF8Span(validating: text.span.extracting(start..<text.count)) else { return "" }
        return String(copying: ascii)
    }

    /// The lowest digit of base 32.
    private static func takeDigit(_ number: inout UInt64) -> UInt8 {
        let digit = UInt8(number % 32)
        number /= 32
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
    }

    /// Whether an id that came from outside may stand in the log and in headers.
    static func isUsable(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
    }
}
