// Reads `.env` files: the form that container tools and the shell agree on, nothing more.

import HostBase

/// The assignments of a `.env` file.
///
/// A line is `KEY=value`, optionally after `export`. A value may stand in double quotes (with `\n`, `\"`, `\\`) or
/// single quotes (literally); outside quotes it ends at a `#` that follows white space. Nothing is substituted.
struct EnvironmentFile {
    private(set) var values: [String: String] = [:]

    /// - Throws: `SettingsError` that names file and line.
    init(parsing text: String, name: String) throws(SettingsError) {
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var line = raw.drop(while: \.isWhitespace)
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = line.dropFirst(7).drop(while: \.isWhitespace) }
            func fail(_ problem: String) -> SettingsError {
                SettingsError(key: "\(name), line \(index + 1)", problem: problem, example: "")
            }
            guard let equals = line.firstIndex(of: "=") else { throw fail("expected KEY=value") }
            let key = line[..<equals].trimmed
            let isName = key.utf8.allSatisfy {
                $0 == UInt8(ascii: "_") || $0.isASCIILetterOrDigit
            }
            guard !key.isEmpty, isName, key.first?.isNumber == false else {
                throw fail("a key has letters, digits and underscores only")
            }
            guard let value = Self.value(line[line.index(after: equals)...]) else {
                throw fail("the quotation mark that opens the value of \(key) is not closed at its end")
            }
            values[String(key)] = value
        }
    }

    private static func value(_ text: Substring) -> String? {
        let text = text.drop(while: \.isWhitespace)
        guard let quote = text.first, quote == "\"" || quote == "'" else { return unquoted(text) }
        var result = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let tail = rest.drop(while: \.isWhitespace)
                return tail.isEmpty || tail.hasPrefix("#") ? result : nil
            }
            if character == "\\", quote == "\"", let escaped = rest.popFirst() {
                switch escaped {
                case "n": result.append("\n")
                case "\"", "\\", "$": result.append(escaped)
                default:
                    result.append("\\")
                    result.append(escaped)
                }
            } else {
                result.append(character)
            }
        }
        return nil
    }

    private static func unquoted(_ text: Substring) -> String {
        var end = text.endIndex
        var previousIsSpace = true
        for index in text.indices {
            if text[index] == "#" && previousIsSpace {
                end = index
                break
            }
            previousIsSpace = text[index].isWhitespace
        }
        var value = text[..<end]
        while value.last?.isWhitespace == true { value.removeLast() }
        return String(value)
    }
}
