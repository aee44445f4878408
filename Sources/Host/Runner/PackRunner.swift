// The other side of a pack in a process of its own: loads it, says what it describes, and does what the host says.

import CGlibc
import Glibc
import HostBase
import HostLanes
import HostPacks
import HostSandbox
import HostTools
import JSON
import ToolABI

/// What `toolhost runner` does. Its main thread listens to the host; workers take up calls (`RunnerWorkers`), and one
/// more thread passes on that calls are not waited for any more.
public enum PackRunner {
    /// Where it finds what the host has handed it.
    private enum Descriptor {
        static let orders = ChildProcess.firstDescriptor
        static let reports = orders + 1
        static let memory = reports + 1
        static let notes = memory + 1
        static let firstLoop = notes + 1

        /// A socket, behind all others, that is closed before the pack is loaded.
        static func handover(loops: Int) -> Int32 { firstLoop + Int32(loops) }
    }

    /// - Parameters:
    ///   - copy: the file to load.
    ///   - name: what it is called in the plugins folder.
    ///   - host: the process that started this one, which ends with it.
    ///   - program: the file that the host runs (``OwnProgram/identity``), which this process must run, too: what both
    ///     say to each other is of one build.
    ///   - niceness: how far it stands back where processors are busy; 0 to 19.
    ///   - map: of the memory that both share.
    ///   - checks: what the host holds each tool against.
    public static func run(
        copy: String, name: String, host: Int32, program: String, niceness: Int32, map: RunnerMap,
        checks: [ToolCheck]
    ) -> Never {
        _ = end_with_parent()
        let handover = Descriptor.handover(loops: map.loops)
        guard getppid() == host, program == OwnProgram.identity,
            (Descriptor.orders...handover).allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }),
            (Descriptor.notes..<handover).allSatisfy({ fcntl($0, F_SETFL, O_NONBLOCK) == 0 }),
            let memory = try? SharedMemory(attaching: Descriptor.memory, size: map.size),
            let plan = SandboxPlan.receive(from: Descriptor.orders)
        else {
            let words = "toolhost: runner is only for the host itself; `toolhost inspect` looks at a pack\n"
            _ = unsafe write(STDERR_FILENO, words, words.utf8.count)
            _exit(64)
        }
        // What `top` shows: the program was started by a link that is named otherwise.
        Thread.rename("pack \(name)")
        // Before there are threads, which have it from their maker. One that the system refuses is no reason to end.
        if niceness > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
        plan.limits.apply(at: plan.level)
        // A stop of the whole group, or of the whole service, is the host's business, which lets calls end. What the
        // pack starts has its own way again, as it would not have where these were ignored.
        for number in [SIGTERM, SIGINT, SIGHUP] { signal(number) { _ in } }
        // As in the host: whoever writes where nobody reads learns it from errno.
        signal(SIGPIPE, SIG_IGN)
        let life = LifePipes(orders: Descriptor.orders, reports: Descriptor.reports)
        // Nothing of the pack has run so far. What it describes is told behind this.
        guard let outcome = Confiner.confine(to: plan) else { _exit(PackTrial.cannotConfine) }
        handOver(outcome.listener, by: handover)
        plan.limits.boundOpenFiles()
        life.say(LifeFrame(.confined, outcome.report.json.bytes()))
        guard !plan.isRequired || outcome.report.unkept.isEmpty else { _exit(0) }
        let (table, told) = PackTrial.load(copy: copy, name: name, checks: checks)
        life.say(LifeFrame(.described, told))
        guard let table, let go = life.next(), go.kind == .go, let orders = RunnerOrders(go.content) else { _exit(0) }
        let posts = RunnerPosts(
            map, memory, notes: Descriptor.notes, loops: (0..<Int32(map.loops)).map { Descriptor.firstLoop + $0 })
        let calls = RunnerCalls(map, memory)
        let http = orders.origins.map { RunnerHTTP(origins: $0, calls, posts, map, memory) }
        let services = RunnerServices(calls, posts, http: http, logLevel: orders.logLevel)
        let pack = RunningTable(table, services)
        if let reason = pack.start(config: orders.config, deadline: orders.deadline) {
            // What it began is ended, and it hears of that; it may have to say something about it.
            _ = http?.close(by: orders.deadline)
            life.say(LifeFrame(.refused, text: reason))
            _exit(0)
        }
        RunnerWorkers(pack, calls, posts, map, memory, limit: orders.workers).begin()
        life.say(LifeFrame(.started))
        // Its end is that of the host, too.
        guard let stop = life.next(), stop.kind == .stop, let deadline = Int64(stop.text) else { _exit(0) }
        // A pack that is being called back is not stopped.
        guard http?.close(by: deadline) != false else { _exit(0) }
        pack.stop(deadline: deadline)
        life.say(LifeFrame(.stopped))
        // What the pack left to be done at an exit may never end.
        _exit(0)
    }

    /// Hands the host where refused system calls are told, before it hears anything else, and closes the only way by
    /// which it takes descriptors.
    private static func handOver(_ listener: Int32?, by socket: Int32) {
        if let listener {
            PackLimits.raiseOpenFiles()
            let byte: [UInt8] = [0]
            let count = repeatingInterrupted { unsafe send_with_descriptor(socket, byte, 1, listener) }
            guard count == 1 else {
                // ETOOMANYREFS: the user has more of them on the way than this process may have open.
                _exit(runnerCannotHandOver)
            }
            close(listener)
        }
        close(socket)
    }
}

/// The pipes to and from the host, as the runner has them.
final class LifePipes {
    private let orders: HandedDescriptor
    private let reports: HandedDescriptor
    private var reader = LifeReader()

    /// Before anything of a pack has run.
    init(orders: Int32, reports: Int32) {
        self.orders = HandedDescriptor(orders)
        self.reports = HandedDescriptor(reports)
    }

    /// Ends the process where the host is not there any more, or a pack has closed the pipe, whatever has its number
    /// now.
    func say(_ frame: LifeFrame) {
        guard reports.isThere else { _exit(PackTrial.cannotTell) }
        if (try? DescriptorBytes.write(frame.bytes, to: reports.number)) == nil { _exit(PackTrial.cannotTell) }
    }

    /// The next message; `nil` where there will be none.
    func next() -> LifeFrame? {
        while true {
            if let frame = reader.next() { return frame }
            if reader.isBroken || !orders.isThere { return nil }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = repeatingInterrupted { unsafe read(orders.number, &bytes, bytes.count) }
            guard count > 0 else { return nil }
            reader.append(bytes[..<count])
        }
    }
}
