// What the process was started with and where, as Swift values.

import Glibc

/// Environment and working folder of this process.
enum ProcessEnvironment {
    /// The variables by name; where one is given twice, the first counts, as for getenv(3).
    static var variables: [String: String] {
        var variables: [String: String] = [:]
        var index = 0
        while let entry = unsafe environ[index] {
            index += 1
            let text = unsafe String(cString: entry)
            guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(text[..<equals])
            if variables[name] == nil { variables[name] = String(text[text.index(after: equals)...]) }
        }
        return variables
    }

    /// Absolute; `.` where the system does not tell.
    static var workingDirectory: String {
        guard let path = unsafe getcwd(nil, 0) else { return "." }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}
