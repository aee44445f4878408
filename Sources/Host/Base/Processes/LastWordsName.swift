// The name of a file of last words: whose they are, from when, and of which process.

/// Such as `cart.20260131T235959.999Z.4711.log`.
struct LastWordsName: Equatable {
    /// Without a dot.
    let pack: String
    /// Those of later times come later.
    private let time: String
    private let process: Int32

    init(pack: String, date: NumericDate, process: Int32) {
        self.pack = pack
        // What the calendar has; nobody ends at other times.
        let seconds = date.seconds > 0 ? min(date.seconds, 253_402_300_799) : 0
        let ascii = Timestamp(
            seconds: Int(seconds), milliseconds: Int((seconds - seconds.rounded(.down)) * 1000)
        ).ascii
        let digits = ascii.indices.map { ascii[$0] }.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
        time = String(decoding: digits, as: UTF8.self)
        self.process = process
    }

    /// `nil` for whatever is not exactly such a name.
    init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[4] == "log", let process = Int32(parts[3]) else { return nil }
        pack = parts[0]
        time = "\(parts[1]).\(parts[2])"
        self.process = process
        guard text.isSame(as: name), !pack.isEmpty, !pack.utf8.contains(UInt8(ascii: "/")), Self.isTime(time) else {
            return nil
        }
    }

    private static func isTime(_ text: String) -> Bool {
        let shape = "00000000T000000.000Z".utf8
        return text.utf8.count == shape.count
            && zip(text.utf8, shape).allSatisfy { $1.isASCIIDigit ? $0.isASCIIDigit : $0 == $1 }
    }

    var text: String { "\(pack).\(time).\(process).log" }
}

extension LastWordsName: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        (left.time, left.process) < (right.time, right.process)
    }
}
