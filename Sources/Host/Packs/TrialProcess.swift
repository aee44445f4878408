// A process that is thrown away: started clean, listened to for as long as it may take, and ended with all it started.

import CGlibc
import Glibc
import HostBase
import HostEngines
import HostSandbox
import NIOCore

/// One run of `<host executable> probe`.
struct TrialProcess {
    /// How it went.
    enum Outcome: Equatable {
        /// What it wrote into its record.
        case told([UInt8])
        case ended(ChildEnd.End)
        case timedOut
        /// It used up more than it may.
        case overLimit(PackOverrun)
        /// Something that is not the host's wrote into the record.
        case disturbed
        case tooLarge
        case notStarted(String)
        case notConfined(String)
    }

    /// Where a trial finds its orders and its record. Pipes: over a socket a pack could send the host descriptors.
    static let ordersDescriptor = ChildProcess.firstDescriptor
    static let recordDescriptor = ordersDescriptor + 1
    private static let handed = 2

    let arguments: [String]
    /// What it is confined to.
    let plan: SandboxPlan
    /// Strings of C, `KEY=value`.
    let environment: [[CChar]]
    let timeoutMilliseconds: Int
    /// The YAML file that would allow the pack more.
    let policyFile: String

    /// What it wrote to standard output and standard error.
    private(set) var output = OutputTail()

    init(
        arguments: [String], plan: SandboxPlan, environment: [[CChar]], timeoutMilliseconds: Int, policyFile: String
    ) {
        self.arguments = arguments
        self.plan = plan
        self.environment = environment
        self.timeoutMilliseconds = timeoutMilliseconds
        self.policyFile = policyFile
    }

    /// Blocks until it is over. The calling thread has to stay until then, as the trial ends with it.
    ///
    /// - Parameter executable: the program to run.
    mutating func run(_ executable: String) -> Outcome {
        let record = TrialRecord(nonce: SecureRandom.bytes(TrialRecord.nonceSize))
        let (orders, channel, words): (DescriptorPair, DescriptorPair, DescriptorPair)
        do throws(FileStatus.Failure) {
            orders = try .made(DescriptorPair.outgoingPipe, handed: Self.handed)
            channel = try .made(DescriptorPair.pipe, handed: Self.handed)
            words = try .made(DescriptorPair.pipe, handed: Self.handed)
        } catch {
            return .notStarted(error.reason)
        }
        let start = ChildProcess.start(
            executable, arguments: arguments, environment: environment, words: words.theirs,
            descriptors: [orders.theirs, channel.theirs])
        for pair in [orders, channel, words] { pair.closeTheirs() }
        let process: pid_t
        switch start {
        case .success(let number): process = number
        case .failure(let failure): return .notStarted(failure.reason)
        }
        let child = ChildEnd(process)
        defer { child.end() }
        // The trial reads this before anything else. One that has ended did not, and says so by its end.
        _ = DescriptorBytes.offer(record.nonce + plan.frame, to: orders.ours, patience: 5000)
        return listen(to: child, record, channel, words)
    }

    private mutating func listen(
        to child: ChildEnd, _ record: TrialRecord, _ channel: DescriptorPair, _ words: DescriptorPair
    ) -> Outcome {
        var bytes: [UInt8] = []
        var isOpen = (channel: true, words: true)
        var left = TimeAmount.milliseconds(Int64(timeoutMilliseconds))
        var watch = UsageWatch(plan.limits, policyFile: policyFile, at: .now())
        // Without a descriptor of the process it is looked after again and again.
        let longest = TimeAmount.milliseconds(child.descriptor >= 0 ? 500 : 10)
        while true {
            let before = NIODeadline.now()
            // Negative ones are passed over.
            var entries = [
                pollfd(fd: isOpen.channel ? channel.ours : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isOpen.words ? words.ours : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: child.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let wait = min(Int32(clamping: min(left, longest).nanoseconds / 1_000_000), watch.wait(at: before))
            unsafe poll(&entries, nfds_t(entries.count), wait)
            // Before it is read: what was written before the end is there then.
            let end = child.look(keeps: true)
            repeat {
                guard isOpen.channel, let more = DescriptorBytes.available(of: channel.ours) else { break }
                isOpen.channel = !more.isEmpty
                bytes += more
                switch record.reading(bytes) {
                case .complete(let content): return .told(content)
                case .foreign: return .disturbed
                case .tooLarge: return .tooLarge
                case .incomplete: break
                }
            } while end != nil && isOpen.channel
            // What the pack started may write for ever.
            for _ in 0..<(end == nil ? 1 : 16) {
                guard isOpen.words, let more = DescriptorBytes.available(of: words.ours) else { break }
                isOpen.words = !more.isEmpty
                output.append(more)
            }
            if let end { return .ended(end) }
            if let overrun = watch.look(at: child.process, without: 0) { return .overLimit(overrun) }
            // A host that was stopped meanwhile, or slept, does not count that as the pack's time.
            left = left - min(NIODeadline.now() - before, longest + .milliseconds(500))
            if left <= .zero { return .timedOut }
            if HostSignals.isStopAsked { return .notStarted("the host was asked to stop meanwhile") }
        }
    }
}
