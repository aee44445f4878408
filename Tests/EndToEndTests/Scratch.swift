// A folder for one test.

import Foundation

/// A temporary folder that goes away with this object.
final class Scratch: Sendable {
    let path: String

    /// All that programs under test see of the environment of the tests.
    static let plainEnvironment = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LANG": "C.UTF-8",
    ]

    init() throws {
        path = NSTemporaryDirectory() + "toolhost-" + UUID().uuidString.lowercased().prefix(13)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The text of a file in the folder; empty when there is none.
    func text(_ name: String) -> String {
        FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    /// Writes the file under another name and renames it, as whoever stages packs does.
    func write(_ bytes: [UInt8], to name: String, mode: Int = 0o644) throws {
        let target = path + "/" + name
        let staging = path + "/" + (name as NSString).deletingLastPathComponent + "/.staging"
        guard
            FileManager.default.createFile(
                atPath: staging, contents: Data(bytes), attributes: [.posixPermissions: mode])
        else { throw CocoaError(.fileWriteUnknown) }
        guard unsafe rename(staging, target) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: path + "/" + name, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    /// Copies the host's program here, to be run. By another process: one that is forked in this one meanwhile would
    /// keep the copy open for writing, and nobody could run it (ETXTBSY).
    func copyHost() throws -> String {
        let copy = path + "/toolhost"
        let result = try run("/usr/bin/cp", [Setup.executable, copy])
        guard result.succeeded else { throw Setup.Missing(name: "\(copy): \(result.errors)") }
        return copy
    }
}
