// A host with the pack `breakout` and all that this could be after: its files, another pack's, sockets, processes.

import Foundation
import JSON
import Synchronization
import Testing

/// Whom a host runs as, and how its packs are confined.
struct BreakoutSetting: Sendable {
    var level: BreakoutLevel
    /// `nil`: as the tests run.
    var user: Int?
    /// The highest version of Landlock that is used (`PACK_SANDBOX_ABI`); `nil`: all that the kernel has.
    var landlock: Int?
    /// What the pack's YAML says besides.
    var rules = ""
    /// A copy that this user can start; `nil`: the one of all tests.
    var executable: String?
}

/// What came of a deed.
enum BreakoutResult: Equatable, CustomStringConvertible {
    case done(String)
    case refused(String)
    case untried(String)

    var isDone: Bool { if case .done = self { true } else { false } }

    var description: String {
        switch self {
        case .done(let detail): detail.isEmpty ? "done" : "done (\(detail))"
        case .refused(let reason): "refused (\(reason))"
        case .untried(let reason): "not tried (\(reason))"
        }
    }
}

final class BreakoutWorld: Sendable {
    /// What a deed is to be done to is not there.
    struct Untried: Error {
        var reason: String
    }

    /// In the host's environment.
    static let secretName = "BREAKOUT_SECRET"

    /// The host has a group of its own, and a descriptor that nobody has told it to close.
    private static let wrapper = [
        "/usr/bin/setsid", "/bin/sh", "-c", "exec 9<.env.local; exec \"$@\"", "sh",
    ]

    let setting: BreakoutSetting
    let scratch: Scratch
    let host: RunningHost
    let unixSocket: ListeningSocket
    let datagramSocket: ListeningSocket
    let abstractSocket: ListeningSocket
    let tcpSocket: ListeningSocket
    /// Of System V's memory, made by the tests.
    let segment: Int
    private let number = Atomic(0)
    private let signals = Atomic<Int32>(35)

    var state: String { scratch.path + "/var" }
    /// The pack's own folder.
    var own: String { state + "/data/breakout" }
    var outside: String { scratch.path + "/outside" }
    /// What the pack's configuration names, to read and to write to.
    var shelf: String { scratch.path + "/shelf" }
    var bench: String { scratch.path + "/bench" }
    var controlSocket: String { state + "/hosts/1/control.sock" }

    init(_ setting: BreakoutSetting) throws {
        self.setting = setting
        scratch = try Scratch()
        let path = scratch.path
        var options = HostOptions(
            packs: [.fixture("good")],
            policies: [
                "breakout": "config:\n  shelf: \(path)/shelf\n  bench: \(path)/bench\n\(setting.rules)",
                "good": "# another pack's\n",
            ],
            environment: [
                "PACK_SANDBOX": setting.level.rawValue, Self.secretName: "secret", "BREAKOUT_GIVEN": "given",
                "PACK_RESTART_DELAYS": "0",
            ],
            isolation: .process, wrapper: Self.wrapper, executable: setting.executable)
        options.environment["PACK_SANDBOX_ABI"] = setting.landlock.map(String.init)
        if let user = setting.user {
            options.wrapper += Self.becoming(user)
        }
        try options.stage(in: scratch)
        for name in ["outside", "shelf", "bench"] { try scratch.makeFolder(name) }
        for name in ["var", "var/data", "var/data/breakout"] {
            try scratch.makeFolder(name)
            #expect(unsafe chmod("\(path)/\(name)", 0o700) == 0)
        }
        // Beside what is hidden, and a way to it.
        try FileManager.default.createSymbolicLink(atPath: "\(path)/way", withDestinationPath: "var")
        try scratch.write(Array("TOOLS_READ_ONLY=false\n".utf8), to: ".env.local", mode: 0o600)
        try scratch.write(Array("secret\n".utf8), to: "var/early", mode: 0o600)
        try scratch.write(EarlyDeed.pack(EarlyDeed.all(in: path)), to: "plugins.d/breakout.so", mode: 0o755)
        unixSocket = try ListeningSocket(path: "\(path)/outside/socket")
        datagramSocket = try ListeningSocket(path: "\(path)/outside/datagrams", takesDatagrams: true)
        abstractSocket = try ListeningSocket(abstract: "toolhost-\(UUID().uuidString)")
        tcpSocket = try ListeningSocket()
        segment = Int(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0o666))
        if let user = setting.user {
            #expect(try run("/usr/bin/chown", ["-R", "\(user):\(user)", path]).succeeded)
        }
        host = try RunningHost(options, in: scratch)
    }

    deinit {
        host.stop()
        _ = shmctl(Int32(segment), IPC_RMID, nil)
        for folder in ["/tmp", "/dev/shm"] {
            for number in 0..<number.load(ordering: .relaxed) { _ = unsafe unlink(vacancy(number, in: folder)) }
        }
    }

    private static func becoming(_ user: Int) -> [String] {
        ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
    }

    /// What `toolhost status` says of the pack, asked by the host's user.
    func told() throws -> JSONValue {
        let command =
            try (setting.user.map(Self.becoming) ?? [])
            + [setting.executable ?? Setup.executable, "status", "--json"]
        let result = try run(
            command[0], Array(command.dropFirst()), environment: ["STATE_DIR": state], directory: scratch.path)
        #expect(result.succeeded, "\(result.errors)")
        let packs = try JSONValue(parsing: result.output)["hosts"]?[0]?["packs"]?.array
        return try #require(packs?.first { $0["pack"] == "breakout" }, "\(result.output)")
    }

    // MARK: What deeds are done to

    private func next() -> Int { number.add(1, ordering: .relaxed).oldValue }

    private func vacancy(_ number: Int, in folder: String) -> String {
        "\(folder)/\((scratch.path as NSString).lastPathComponent)-\(number)"
    }

    /// A name that nothing has.
    func vacant(_ folder: String) throws -> String { vacancy(next(), in: try self.folder(folder)) }

    /// A new file of the host's user.
    func victim(_ folder: String) throws -> String {
        let path = vacancy(next(), in: try self.folder(folder))
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data("a victim\n".utf8), attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        try give(path)
        return path
    }

    /// Made where it is not there.
    func folder(_ path: String) throws -> String {
        if unsafe mkdir(path, 0o700) == 0 { try give(path) }
        return path
    }

    private func give(_ path: String) throws {
        guard let user = setting.user else { return }
        guard unsafe chown(path, uid_t(user), gid_t(user)) == 0 else { throw ChildProcess.Fault(path, errno) }
    }

    /// A file of somebody else's that only root's privileges open.
    func sealed() throws -> String {
        let path = try victim(outside)
        guard unsafe chown(path, 65533, 65533) == 0 else { throw Untried(reason: "takes root") }
        return path
    }

    /// A program that makes its user root.
    func rootProgram() throws -> String {
        guard getuid() == 0 else { throw Untried(reason: "only root can make one") }
        let path = vacancy(next(), in: outside)
        // By another process: one that is forked here meanwhile would keep the copy open for writing.
        guard try run("/usr/bin/install", ["-m", "4755", "/usr/bin/id", path]).succeeded else {
            throw Untried(reason: "it could not be made")
        }
        return path
    }

    /// The copy of the other pack.
    func copy() throws -> String {
        let folder = state + "/packs/"
        let original = FileManager.default.contents(atPath: scratch.path + "/plugins.d/good.so")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".so") }
        return try folder + #require(names.first { FileManager.default.contents(atPath: folder + $0) == original })
    }

    func blockDevice() throws -> String {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/sys/block").sorted() {
            let file = unsafe open("/dev/\(name)", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { continue }
            close(file)
            return "/dev/\(name)"
        }
        throw Untried(reason: "there is none")
    }

    /// Where everybody's processes are the host's user's, as root's are, nobody is to signal them all.
    func requireUserOfItsOwn() throws -> [String: BreakoutValue] {
        guard setting.user != nil else { throw Untried(reason: "takes a user of its own") }
        return [:]
    }

    func otherPack() throws -> Int { Int(try #require(host.runner("good"))) }

    /// Of what the host cannot write to itself.
    func hostAddress() throws -> Int {
        let lines = SystemFile.text("/proc/\(host.process.id)/maps").split(separator: "\n")
        let line = try #require(lines.first { $0.contains(" r--p ") })
        return try #require(Int(line.prefix { $0 != "-" }, radix: 16))
    }

    // MARK: Trying

    func attempt(_ deed: BreakoutDeed) throws -> BreakoutResult {
        var arguments: [String: BreakoutValue]
        do {
            arguments = try deed.arguments(self)
        } catch let error as Untried {
            return .untried(error.reason)
        }
        guard deed.isSeenByHost else { return try attempt(deed.what, arguments) }
        let signal = signals.add(1, ordering: .relaxed).oldValue
        arguments["number"] = .number(Int(signal))
        let result = try attempt(deed.what, arguments)
        guard result.isDone else { return result }
        // What comes after it has come after it.
        let fence = signals.add(1, ordering: .relaxed).oldValue
        host.process.signal(fence)
        func line(_ number: Int32) -> String { "SIGRTMIN+\(number - 34)" }
        let hasCome = host.logLine { $0["signal"]?.string == line(fence) } != nil
        #expect(hasCome, "the host has not told of \(line(fence))")
        return host.log.contains { $0["signal"]?.string == line(signal) } ? result : .refused("not delivered")
    }

    func attempt(_ what: String, _ arguments: [String: BreakoutValue] = [:]) throws -> BreakoutResult {
        var members: JSONObject = ["what": .string(what)]
        for (name, value) in arguments {
            switch value {
            case .text(let text): members[name] = .string(text)
            case .number(let number): members[name] = JSONValue(number)
            }
        }
        let body = String(decoding: JSONValue.object(members).bytes(), as: UTF8.self)
        let answer = try host.call("attempt", body)
        guard answer.status == 200, let told = answer.json else { return .refused("\(answer.status) \(answer.text)") }
        return Self.result(told)
    }

    static func result(_ told: JSONValue) -> BreakoutResult {
        told["got"] == true
            ? .done(told["detail"]?.string ?? "") : .refused(told["reason"]?.string ?? "\(told)")
    }
}
