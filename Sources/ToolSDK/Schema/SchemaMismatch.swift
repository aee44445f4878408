// Says where JSON and the Swift type it is read into part ways; the place is put together only when it is needed.

import JSON

/// JSON that does not fit a schema. Grows its path while it travels outwards, so that reading costs nothing for it.
@usableFromInline
struct SchemaMismatch: Error {
    /// Innermost first.
    private var path: [String] = []
    private let reason: String

    @usableFromInline
    init(_ reason: String) {
        self.reason = reason
    }

    @usableFromInline
    func within(_ token: String) -> SchemaMismatch {
        var copy = self
        copy.path.append(token)
        return copy
    }

    /// RFC 6901; empty for the whole document.
    var pointer: String {
        path.reversed().reduce(into: "") { pointer, token in
            pointer += "/"
            for character in token.unicodeScalars {
                switch character {
                case "~": pointer += "~0"
                case "/": pointer += "~1"
                default: pointer.unicodeScalars.append(character)
                }
            }
        }
    }

    /// What the caller is told.
    @usableFromInline
    var toolError: ToolError {
        let place = pointer.isEmpty ? "The value" : pointer
        return .invalid("\(place) \(reason).", details: ["pointer": .string(pointer), "reason": .string(reason)])
    }

    /// Runs `body`, whose mismatches happened inside the member or element named `token`.
    @inlinable
    static func within<Result>(_ token: @autoclosure () -> String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let mismatch as SchemaMismatch {
            throw mismatch.within(token())
        }
    }
}
