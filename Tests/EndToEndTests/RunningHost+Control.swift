// What an operator asks a host that runs, by the commands of `toolhost`.

import Foundation
import JSON
import Testing

extension RunningHost {
    /// Runs a command with the environment of this host, in its folder.
    func toolhost(_ arguments: [String], environment: [String: String] = [:]) throws -> Finished {
        var all = HostOptions().environment(in: scratch)
        all["STATE_DIR"] = state
        return try run(
            Setup.executable, arguments, environment: all.merging(environment) { $1 }, directory: scratch.path)
    }

    /// The answers of all hosts of the state folder.
    func status(_ arguments: String...) throws -> [JSONValue] {
        let result = try toolhost(["status", "--json"] + arguments)
        #expect(result.succeeded, "\(result.output) \(result.errors)")
        return try #require(try JSONValue(parsing: result.output)["hosts"]?.array)
    }

    /// What this host says of one pack.
    func pack(_ id: String) throws -> JSONValue {
        let own = try status().first { $0["host"]?["pid"]?.int64 == Int64(process.id) }
        return try #require(own?["packs"]?.array?.first { $0["pack"]?.string == id })
    }

    /// The process in which a pack runs, by the name of its file without `.so`; `nil` while there is none.
    func runner(_ file: String) -> pid_t? {
        Self.runners(of: process.id).first { $0.file == file + ".so" }?.process
    }

    /// All processes in which packs of a host run, also of one that is gone.
    static func runners(of host: pid_t) -> [(file: String, process: pid_t)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.compactMap { process in
            // Of a process that has ended and was not waited for there is none.
            let line = SystemFile.bytes("/proc/\(process)/cmdline") ?? []
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard words.count > 4, words[1] == "runner", words[3] == "\(host)" else { return nil }
            return (words[words.count - 1], process)
        }
    }
}
