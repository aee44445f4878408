// One life of a pack's runner as a process: started, told what to do, and seen to end.

import CGlibc
import Glibc
import HostBase
import HostLanes
import HostSandbox
import JSON
import NIOCore

/// A runner. Belongs to one thread, with which it ends (`RunnerKeeper`).
final class RunnerProcess {
    /// What came of it since it was last looked at.
    struct News {
        var frames: [LifeFrame] = []
        /// Of its standard output and standard error.
        var words: [UInt8] = []
        var end: ChildEnd.End?
        /// It has asked for somebody to look at its notes.
        var hasRung = false
        /// It is stopped by a signal (SIGSTOP), and by no debugger.
        var isStopped = false
        /// It has closed its pipe, or said what no runner says.
        var isMute = false
        /// The latter.
        var isBroken = false
        /// How it is confined.
        var report: SandboxReport?
        /// Nobody hears of the system calls that it is refused, though it has handed over where.
        var isUnheard = false
        /// System calls that it was refused.
        var refusals: [SandboxRefusal] = []
    }

    /// The most bytes of what it says after it has described its pack.
    private static let longestWord = 1 << 20
    /// Bytes that are read for the price of one wake-up.
    private static let bytesAWake = 16 << 10

    let child: ChildEnd
    let memory: SharedMemory
    let map: RunnerMap
    /// What it wakes the host by: for its notes, and for each event loop. Pipes, since each end is a file of its own:
    /// of an eventfd(2) both processes have the same one, and whoever has it may let the other wait for ever.
    private let noteBell: DescriptorPair
    private let loopBells: [DescriptorPair]
    /// What it is told, and what it tells. No socket: by that a pack could send descriptors, which are closed where
    /// they are read, and whoever is the last to close a connection may have to wait for it.
    private let orders: DescriptorPair
    private let reports: DescriptorPair
    /// Where it hands over what ``RefusalDesk`` listens to, before its pack is loaded; looked at once.
    private var handover: DescriptorPair?
    private let words: DescriptorPair
    private var reader = LifeReader()
    private var isOpen = (reports: true, words: true, notes: true)
    /// Where the system calls that it is refused are told, from the moment that it is confined.
    private var refusals: RefusalDesk?
    private var isConfined = false
    /// What is its own of the file system.
    private let roots: [String]
    private let level: SandboxLevel
    /// For whatever it has the keeper's thread do.
    private var budget = WakeBudget(at: .now())
    /// Until then nothing of it is read.
    private var silentUntil = NIODeadline.uptimeNanoseconds(0)

    /// Where the host's event loops are woken, one after the other. They belong to the caller; once.
    func takeLoopBells() -> [Int32] { loopBells.map { $0.takeOurs() } }

    static func arguments(copy: String, name: String, map: RunnerMap, niceness: Int) -> [String] {
        // A pack's name may look like an option.
        [
            "toolhost", "runner", "--host", "\(getpid())", "--program", OwnProgram.identity, "--loops", "\(map.loops)",
            "--calls", "\(map.calls)",
            "--niceness", "\(niceness)", "--", copy, name,
        ]
    }

    /// Starts a process that loads a pack, and waits to be told more.
    ///
    /// - Throws: why there is none.
    init(
        _ program: RunnerProgram, plan: SandboxPlan, map: RunnerMap, copy: String, name: String
    ) throws(FileStatus.Failure) {
        self.map = map
        level = plan.level
        // As the process opens them: of what it was given a link that lies there now is no way to anything.
        roots = plan.write + (plan.folder.map { [CanonicalPath.text(of: $0)] } ?? [])
        memory = try SharedMemory("toolhost-pack", size: map.size)
        // What it is told by, what it tells by, the memory, the bells of the notes and of each loop, and what it hands
        // over by: in this order it finds them.
        let handed = 5 + map.loops
        let orders = try DescriptorPair.made(DescriptorPair.outgoingPipe, handed: handed)
        let reports = try DescriptorPair.made(DescriptorPair.pipe, handed: handed)
        let handover = try DescriptorPair.made(DescriptorPair.sockets, handed: handed)
        let words = try DescriptorPair.made(DescriptorPair.pipe, handed: handed)
        var bells: [DescriptorPair] = []
        for _ in 0...map.loops { bells.append(try .made(DescriptorPair.endlessPipe, handed: handed)) }
        // Beyond the places where the runner finds it, as the others are.
        let copyOfMemory = fcntl(memory.descriptor, F_DUPFD_CLOEXEC, ChildProcess.firstDescriptor(beyond: handed))
        guard copyOfMemory >= 0 else { throw FileStatus.Failure(errno) }
        defer { close(copyOfMemory) }
        let start = ChildProcess.start(
            program.executable,
            arguments: Self.arguments(copy: copy, name: name, map: map, niceness: program.niceness),
            environment: program.environment, words: words.theirs,
            descriptors: [orders.theirs, reports.theirs, copyOfMemory] + bells.map(\.theirs) + [handover.theirs])
        for pair in [orders, reports, handover, words] + bells { pair.closeTheirs() }
        child = ChildEnd(try start.get())
        self.orders = orders
        self.reports = reports
        self.handover = handover
        self.words = words
        noteBell = bells[0]
        loopBells = Array(bells.dropFirst())
        // It reads this before anything else. One that has ended did not, and says so by its end.
        guard DescriptorBytes.offer(plan.frame, to: orders.ours, patience: 5000) || errno == EPIPE else {
            throw FileStatus.Failure(errno)
        }
    }

    deinit {
        child.end()
    }

    /// - Returns: whether it was handed to the system.
    func say(_ frame: LifeFrame) -> Bool {
        // A second in all for one that does not read.
        DescriptorBytes.offer(frame.bytes, to: orders.ours, patience: 1000)
    }

    /// Waits until there is news of it, or of whoever keeps it.
    ///
    /// - Parameters:
    ///   - mailbox: readable where the keeper has something to do.
    ///   - milliseconds: the longest time.
    func news(or mailbox: Int32, within milliseconds: Int32) -> News {
        let silence = silentUntil - .now()
        let listens = silence <= .zero
        var entries = [
            pollfd(fd: isOpen.reports && listens ? reports.ours : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isOpen.words && listens ? words.ours : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isOpen.notes && listens ? noteBell.ours : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: child.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: mailbox, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listens ? refusals?.descriptor ?? -1 : -1, events: Int16(POLLIN), revents: 0),
        ]
        // Without a descriptor of the process it is looked after again and again.
        var longest = child.descriptor >= 0 ? milliseconds : min(milliseconds, 10)
        if !listens { longest = min(longest, Int32(clamping: silence.nanoseconds / 1_000_000 + 1)) }
        unsafe poll(&entries, nfds_t(entries.count), longest)
        var news = News()
        // Before anything is read: what was written before the end is there then.
        news.end = child.look(keeps: true)
        news.isStopped = child.isStopped
        let turns = news.end != nil ? 64 : listens ? 4 : 0
        var bytes = 0
        if entries[2].revents != 0 {
            // Also where somebody else has taken the bytes.
            news.hasRung = true
            if let rings = DescriptorBytes.available(of: noteBell.ours) { isOpen.notes = !rings.isEmpty }
        }
        for _ in 0..<turns {
            guard isOpen.words, let more = DescriptorBytes.available(of: words.ours) else { break }
            isOpen.words = !more.isEmpty
            news.words += more
            bytes += more.count
        }
        for _ in 0..<turns {
            guard isOpen.reports, let more = DescriptorBytes.available(of: reports.ours) else { break }
            isOpen.reports = !more.isEmpty
            reader.append(more)
            bytes += more.count
            while let frame = reader.next() {
                if !isConfined, frame.kind == .confined, let json = try? JSONValue(parsing: frame.content),
                    let report = SandboxReport(json: json)
                {
                    isConfined = true
                    takeHandover()
                    news.report = report
                    news.isUnheard = report.isTold && refusals == nil
                    continue
                }
                news.frames.append(frame)
                reader.longest = Self.longestWord
            }
        }
        if entries[..<3].contains(where: { $0.revents != 0 }) { spend(1 + bytes / Self.bytesAWake) }
        if entries[5].revents != 0, let desk = refusals {
            news.refusals = desk.answer()
            spend(1)
            if entries[5].revents & Int16(POLLIN) == 0 { refusals = nil }
        }
        news.isBroken = reader.isBroken
        news.isMute = !isOpen.reports || reader.isBroken
        return news
    }

    /// What came over before it said that it is confined. Nothing of its pack has run by then, and its own end of the
    /// socket is closed.
    private func takeHandover() {
        guard let handover else { return }
        self.handover = nil
        var byte: UInt8 = 0
        var handed: Int32 = -1
        _ = repeatingInterrupted { unsafe receive_with_descriptor(handover.ours, &byte, 1, &handed) }
        if handed >= 0 { refusals = RefusalDesk(owning: handed, process: child.process, roots: roots, level: level) }
    }

    /// It has had the keeper's thread do so much. Where that is more than it may, it is not listened to for a moment.
    func spend(_ count: Int) {
        let now = NIODeadline.now()
        // For as long as it likes: it may have much to say.
        if let pause = budget.spend(count, at: now) { silentUntil = now + pause }
    }
}
