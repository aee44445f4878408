// Where a path leads, without links in it.

import Glibc

/// Canonical paths.
public enum RealPath {
    /// As realpath(3) has it. What is not there yet stands behind what is.
    ///
    /// - Parameter path: an absolute path.
    public static func of(_ path: String) -> String {
        var (there, rest) = (path, "")
        while there.count > 1 {
            if let real = unsafe realpath(there, nil) {
                defer { unsafe free(real) }
                let name = unsafe String(cString: real)
                return rest.isEmpty ? name : (name == "/" ? "" : name) + rest
            }
            guard let slash = there.lastIndex(of: "/") else { break }
            let name = there[slash...]
            if name != "/" && name != "/." { rest = name + rest }
            there = String(there[..<slash])
        }
        return rest.isEmpty ? "/" : rest
    }
}
