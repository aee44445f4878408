// The last words of a process that failed, for the reason of a refusal: little, and nothing that could forge a line.

import HostBase

/// The end of what was written, within a limit.
public struct OutputTail: Equatable {
    /// In bytes.
    static let limit = 2048
    private static let lineLimit = 6

    private var bytes: [UInt8] = []
    private var isCut = false

    mutating func append(_ more: some Collection<UInt8>) {
        bytes += more
        guard bytes.count > Self.limit else { return }
        bytes.removeFirst(bytes.count - Self.limit)
        isCut = true
    }

    /// The last lines that are not empty, in one; empty where nothing was written.
    var text: String {
        var lines = bytes.split(separator: UInt8(ascii: "\n"))
        // Its beginning is missing.
        if isCut, lines.count > 1 { lines.removeFirst() }
        let shown = lines.map { Self.printable($0).trimmingSpaces }.filter { !$0.isEmpty }
        return shown.suffix(Self.lineLimit).joined(separator: " | ")
    }

    /// Without control characters, and with what is not UTF-8 as `\xe9`.
    public static func printable(_ bytes: some Collection<UInt8>) -> String {
        var text = ""
        var decoder = UTF8()
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            var next = rest.makeIterator()
            let scalar: Unicode.Scalar? =
                switch decoder.decode(&next) {
                case .scalarValue(let scalar): scalar
                case .emptyInput, .error: nil
                }
            decoder = UTF8()
            let size = scalar.map { UTF8.width($0) } ?? 1
            if let scalar, isHarmless(scalar) {
                text.unicodeScalars.append(scalar)
            } else if let scalar, scalar == "\t" || scalar == "\r" {
                text += " "
            } else {
                for byte in rest.prefix(size) { text += "\\x" + byte.hexadecimal }
            }
            rest = rest.dropFirst(size)
        }
        return text
    }

    /// Neither moves a cursor nor changes the direction of what follows.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
