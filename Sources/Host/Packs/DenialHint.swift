// Landlock refuses a file without telling the host. Where a pack says what it failed at, the operator is told that it
// may be that.

import HostSandbox

/// What stands behind the words of a pack that could not open something.
enum DenialHint {
    private static let marks = ["Permission denied", "permission denied", "EACCES", "PermissionError", "error 13"]

    /// - Parameter words: what the pack, or the loader, said of it.
    /// - Returns: to be put behind them; empty where nothing speaks for it.
    static func text(_ words: String, _ level: SandboxLevel) -> String {
        guard level != .off, marks.contains(where: { words.contains($0) }) else { return "" }
        let path = words.split { " '\",;()".contains($0) }.first { $0.hasPrefix("/") && $0.count > 1 }
        let name = path.map { $0.hasSuffix(":") ? String($0.dropLast()) : String($0) } ?? "PATH"
        return
            " (it is confined, sandbox: \(level.rawValue); if it may have that, this in its YAML file opens it, in place of "
            + "the `sandbox:` there: sandbox: {level: \(level.rawValue), read: [\(name)]}, or write in place of read)"
    }
}
