// The thread of one pack in a process of its own: it starts the process, looks after it, and starts the next one.

import CGlibc
import Dispatch
import Glibc
import HostBase
import HostCalls
import HostLanes
import HostSandbox
import Logging
import NIOCore
import Synchronization

/// Keeps one pack's runner. A runner ends with the thread that started it (parent-death signal, prctl(2)), so that this
/// thread lives as long as the host, or until the pack is given up.
public final class RunnerKeeper: Sendable {
    /// Why a runner did not describe its pack.
    public struct Fault: Error, Sendable {
        public enum Kind: Sendable, Equatable {
            case notStarted(String)
            /// The host has no descriptor, memory or process for it.
            case lacking(String)
            case ended(ChildEnd.End)
            case timedOut
            /// It used up more than it may.
            case overLimit(PackOverrun)
            /// It has closed its pipe, or replaced it by something else.
            case closed
            /// Something that is no runner's wrote to its pipe.
            case disturbed
            /// It is to be confined, and this system lacks something for it.
            case notConfined(String)
        }

        public var kind: Kind
        /// What it wrote to standard output and standard error.
        public var words: [UInt8] = []
        /// System calls that it was refused.
        public var refusals: [SandboxRefusal] = []
    }

    /// What its thread is asked to do.
    struct Mail {
        var orders: Orders?
        var isDropped = false
        var stop: NIODeadline?
        var restart: String?
        /// What a process did that no runner does.
        var violation: (text: String, process: Int32)?
    }

    struct Orders {
        var engine: RunnerEngine
        var config: [UInt8]
        var plan: SandboxPlan
        var deadline: NIODeadline
    }

    /// A call may go on for so long after its deadline before its runner is replaced.
    static let grace = TimeAmount.seconds(2)
    /// Notes that are read for the price of one wake-up.
    static let notesAWake = 16
    /// How often it is looked at without news of it.
    static let step: Int32 = 100
    /// A process that was killed and does not end is left to itself.
    static let longestDeath = TimeAmount.seconds(5)
    static let noHandover = "too many descriptors of the host's user are on the way between processes (unix(7))"
    /// Characters of what a pack says of its start.
    static let longestReason = 1000

    let program: RunnerProgram
    /// What it is confined to while it describes its pack.
    public let firstPlan: SandboxPlan
    private let confinement = Mutex<SandboxReport?>(nil)
    let map: RunnerMap
    private let copy: String
    private let name: String
    let workers: Int
    let timeout: TimeAmount
    let emptying: TimeAmount
    let mail = Mutex(Mail())
    let bell: Int32
    private let description = Mutex<Result<[UInt8], Fault>?>(nil)
    private let isDescribed = DispatchSemaphore(value: 0)
    let startEnd = Mutex<String??>(nil)
    let isStarted = DispatchSemaphore(value: 0)
    private let isOver = DispatchSemaphore(value: 0)
    let process = Mutex<(number: Int32, since: NIODeadline)?>(nil)
    /// Of the process that runs, when it was last looked at.
    let usage = Mutex<PackUsage?>(nil)

    /// - Parameters:
    ///   - plan: what it is confined to while it describes its pack.
    ///   - copy: the file to load.
    ///   - name: what it is called in the plugins folder.
    ///   - calls: that may be open.
    ///   - workers: threads of the runner that take up calls.
    ///   - timeout: for describing, for a start and for a stop.
    ///   - emptying: how long calls are waited for at most where a runner is replaced by hand.
    public init(
        _ program: RunnerProgram, plan: SandboxPlan, copy: String, name: String, loops: Int, calls: Int, workers: Int,
        timeout: TimeAmount, emptying: TimeAmount
    ) {
        self.program = program
        firstPlan = plan
        self.copy = copy
        self.name = name
        self.workers = min(workers, RunnerMap.mostWorkers)
        self.timeout = timeout
        self.emptying = emptying
        map = RunnerMap(loops: loops, calls: calls)
        bell = make_event(0, Int32(event_close_on_exec | event_does_not_block))
    }

    deinit {
        if bell >= 0 { close(bell) }
    }

    // MARK: What others ask

    /// Starts a process that loads the pack, and waits until it has said what the pack describes. Once.
    public func describe() -> Result<[UInt8], Fault> {
        guard bell >= 0 else { return .failure(Fault(kind: .notStarted(FileStatus.Failure(errno).reason))) }
        guard Thread.start("pack-keeper", { self.run() }) else {
            return .failure(Fault(kind: .notStarted("the system has no thread for it")))
        }
        isDescribed.wait()
        return description.withLock(\.self) ?? .failure(Fault(kind: .timedOut))
    }

    /// Has the pack started that was described, and waits for it.
    ///
    /// - Parameter plan: what it is confined to from then on. A process that is confined otherwise is replaced first.
    /// - Returns: why it does not run; `nil` where it does.
    func go(_ engine: RunnerEngine, config: [UInt8], plan: SandboxPlan, deadline: NIODeadline) -> String? {
        mail.withLock { $0.orders = Orders(engine: engine, config: config, plan: plan, deadline: deadline) }
        ring()
        isStarted.wait()
        return startEnd.withLock(\.self) ?? "it was given up before its start"
    }

    /// Nobody wants it any more.
    public func drop() {
        mail.withLock { $0.isDropped = true }
        ring()
    }

    /// Has it stopped in order, and waits until it is gone.
    func stop(by deadline: NIODeadline) {
        mail.withLock { $0.stop = deadline }
        ring()
        let left = (deadline - .now()).nanoseconds + 500_000_000
        _ = isOver.wait(timeout: .now() + .nanoseconds(Int(max(0, left))))
    }

    /// Has it replaced by another one, once its calls have ended. Changes nothing where that is about to happen.
    func restart(_ reason: String) {
        mail.withLock { $0.restart = reason }
        ring()
    }

    /// A process did what no runner does. Another one may run by now.
    func violated(_ text: String, by process: Int32) {
        mail.withLock { $0.violation = (text, process) }
        ring()
    }

    /// How the latest process is confined, as it said before it loaded the pack.
    public var report: SandboxReport? { confinement.withLock(\.self) }

    /// The process that runs, and since when.
    var running: (number: Int32, since: NIODeadline)? { process.withLock(\.self) }

    private var isUnwanted: Bool { mail.withLock { $0.isDropped || $0.stop != nil } }

    private func ring() {
        var one: UInt64 = 1
        _ = unsafe write(bell, &one, 8)
    }

    func hush() {
        var count: UInt64 = 0
        _ = unsafe read(bell, &count, 8)
    }

    // MARK: Its thread

    private func run() {
        // Nobody waits for a start that does not come.
        defer {
            isStarted.signal()
            isOver.signal()
        }
        // Nothing else has the process: whatever has it keeps what it had, also after its end.
        var next: RunnerProcess?
        let told: [UInt8]
        var words = LastWords()
        var refusals = RefusalBook()
        var watch = newWatch
        switch launchPatiently(firstPlan, &words, &refusals, &watch) {
        case .failure(let fault):
            description.withLock { $0 = .failure(fault) }
            isDescribed.signal()
            return
        case .success(let (runner, content)):
            (next, told) = (runner, content)
            description.withLock { $0 = .success(content) }
            isDescribed.signal()
        }
        guard let orders = next.flatMap({ waitForOrders($0, &words, &refusals, &watch) }) else { return }
        let engine = orders.engine
        if orders.plan != firstPlan { next = nil }
        var deadline = orders.deadline
        var isFirst = true
        while true {
            guard engine.begins() else { return }
            var runner = next
            next = nil
            var fault = RunnerEnd(way: .unknown, uptime: .zero)
            if runner == nil {
                words = LastWords()
                watch = newWatch
                let launched =
                    isFirst
                    ? launchPatiently(orders.plan, &words, &refusals, &watch)
                    : launch(orders.plan, &words, &refusals, &watch)
                switch launched {
                case .failure(let reason):
                    if isUnwanted { return }
                    fault = Self.end(reason)
                case .success(let (other, content)):
                    // A load has its own time, and the start has all of its.
                    deadline = .now() + timeout
                    if content == told {
                        runner = other
                    } else {
                        let isThere = unsafe access(copy, R_OK) == 0
                        fault.cause = .notStarted(
                            isThere
                                ? "it describes itself otherwise than before"
                                : "its copy in the state folder cannot be read: \(copy)")
                    }
                }
            }
            var decision: RestartPolicy.Decision?
            if let runner {
                decision = serve(engine, runner, orders.config, deadline, words, &refusals, watch, isFirst: isFirst)
            } else {
                for refusal in refusals.takeNew() { engine.log.refused(refusal) }
                if isFirst { startEnd.withLock { $0 = .some(fault.reason) } }
                decision = engine.ended(nil, fault, culprit: nil, words: words, isTold: isFirst)
            }
            if isFirst, startEnd.withLock({ $0 != .some(nil) }) { return }
            isFirst = false
            runner = nil
            guard wait(for: engine, decision) else { return }
        }
    }

    /// Until the next start.
    ///
    /// - Returns: whether there is to be one.
    private func wait(for engine: RunnerEngine, _ decision: RestartPolicy.Decision?) -> Bool {
        var due: NIODeadline?
        if case .start(let time) = decision { due = time }
        while true {
            let restart = mail.withLock { mail in
                defer { mail.restart = nil }
                mail.violation = nil
                return mail.restart
            }
            if isUnwanted { return false }
            if restart != nil, case .start(let time) = engine.restartsByHand() { due = time }
            let now = NIODeadline.now()
            if let due, due <= now { return true }
            let left = due.map { ($0 - now).nanoseconds / 1_000_000 + 1 } ?? 60_000
            waitForBell(Int32(clamping: left))
            hush()
        }
    }

    /// As ``launch(_:_:_:_:)``, again and again for as long as the host lacks something: nobody starts it later.
    private func launchPatiently(
        _ plan: SandboxPlan, _ words: inout LastWords, _ refusals: inout RefusalBook, _ watch: inout UsageWatch
    ) -> Result<(RunnerProcess, [UInt8]), Fault> {
        let end = NIODeadline.now() + timeout
        while true {
            let result = launch(plan, &words, &refusals, &watch)
            guard case .failure(let fault) = result, case .lacking = fault.kind, .now() < end, !isUnwanted,
                !HostSignals.isStopAsked
            else { return result }
            waitForBell(Self.step)
            watch = newWatch
        }
    }

    /// Starts a process and has the pack described.
    ///
    /// - Parameters:
    ///   - words: what it writes meanwhile is put behind them.
    ///   - refusals: what it is refused meanwhile is put into it.
    private func launch(
        _ plan: SandboxPlan, _ words: inout LastWords, _ refusals: inout RefusalBook, _ watch: inout UsageWatch
    ) -> Result<(RunnerProcess, [UInt8]), Fault> {
        let runner: RunnerProcess
        // What is known is of the process before.
        usage.withLock { $0 = nil }
        do {
            runner = try RunnerProcess(program, plan: plan, map: map, copy: copy, name: name)
        } catch {
            let isLack = [EMFILE, ENFILE, ENOMEM, EAGAIN].contains(error.number)
            return .failure(Fault(kind: isLack ? .lacking(error.reason) : .notStarted(error.reason)))
        }
        var left = timeout
        var mute: NIODeadline?
        var isConfined = false
        while true {
            let before = NIODeadline.now()
            let news = runner.news(or: -1, within: min(Self.step, watch.wait(at: before)))
            words.append(news.words)
            refusals.add(news.refusals)
            func fault(_ kind: Fault.Kind) -> Result<(RunnerProcess, [UInt8]), Fault> {
                usage.withLock { $0 = nil }
                return .failure(Fault(kind: kind, words: words.bytes, refusals: refusals.told))
            }
            if let report = news.report {
                isConfined = true
                confinement.withLock { $0 = report }
                if plan.isRequired, let layer = report.unkept.first {
                    return fault(.notConfined(layer.text))
                }
                if news.isUnheard {
                    return fault(.lacking("there is no descriptor for the system calls that the pack is refused"))
                }
            }
            if let frame = news.frames.first {
                return frame.kind == .described ? .success((runner, frame.content)) : fault(.disturbed)
            }
            if news.isBroken { return fault(.disturbed) }
            if let overrun = look(at: runner, &watch) { return fault(.overLimit(overrun)) }
            // Later it would be its pack's exit code.
            if news.end == .exited(runnerCannotHandOver), !isConfined { return fault(.lacking(Self.noHandover)) }
            if let end = news.end { return fault(.ended(end)) }
            // One that has closed its pipe is about to end, mostly.
            if news.isMute {
                mute = mute ?? before
                if let mute, .now() - mute >= Self.grace { return fault(.closed) }
            }
            // A host that was stopped meanwhile, or slept, does not count that as the pack's time.
            left = left - min(.now() - before, .milliseconds(Int64(Self.step) + 500))
            if left <= .zero { return fault(.timedOut) }
            if HostSignals.isStopAsked { return fault(.notStarted("the host was asked to stop meanwhile")) }
            if isUnwanted { return fault(.notStarted("it was given up meanwhile")) }
        }
    }

    /// The process has described its pack and waits, or has ended since.
    private func waitForOrders(
        _ runner: RunnerProcess, _ words: inout LastWords, _ refusals: inout RefusalBook, _ watch: inout UsageWatch
    ) -> Orders? {
        var isOver = false
        while true {
            if let orders = mail.withLock(\.orders) { return orders }
            if isUnwanted { return nil }
            if isOver {
                waitForBell(1000)
            } else {
                let news = runner.news(or: bell, within: watch.wait(at: .now()))
                words.append(news.words)
                refusals.add(news.refusals)
                if look(at: runner, &watch) != nil { kill(runner.child.process, SIGKILL) }
                isOver = news.end != nil
            }
            hush()
        }
    }

    private func waitForBell(_ milliseconds: Int32) {
        var entry = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        unsafe poll(&entry, 1, milliseconds)
    }

    private static func end(_ fault: Fault) -> RunnerEnd {
        switch fault.kind {
        case .ended(let end): RunnerEnd(way: .init(end), cause: .undescribed, uptime: .zero)
        case .notStarted(let reason): notStarted("it could not be started: \(reason)")
        case .lacking(let reason):
            RunnerEnd(way: .unknown, cause: .hostLacks("it could not be started: \(reason)"), uptime: .zero)
        case .overLimit(let overrun): RunnerEnd(way: .unknown, cause: .overLimit(overrun), uptime: .zero)
        case .timedOut: notStarted("it did not describe its pack in time (TOOL_START_TIMEOUT)")
        case .closed: notStarted("it closed the host's pipe before it had described its pack")
        case .disturbed: notStarted("something else than it wrote where it describes its pack")
        case .notConfined(let reason): notStarted("it cannot be confined as its file requires (\(reason))")
        }
    }

    private static func notStarted(_ reason: String) -> RunnerEnd {
        RunnerEnd(way: .unknown, cause: .notStarted(reason), uptime: .zero)
    }
}

extension RunnerEnd.Way {
    init(_ end: ChildEnd.End) {
        switch end {
        case .exited(let code): self = .exited(code)
        case .signalled(let number): self = .signalled(number, hasCore: false)
        case .unknown: self = .unknown
        }
    }
}
