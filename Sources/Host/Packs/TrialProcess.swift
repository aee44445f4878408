// A process that is thrown away: started clean, listened to for as long as it may take, and ended with all it started.

import CGlibc
import Glibc
import HostBase
import NIOCore

/// One run of `<host executable> probe`.
struct TrialProcess {
    /// How it went.
    enum Outcome: Equatable {
        /// What it wrote into its record.
        case told([UInt8])
        case ended(ChildEnd.End)
        case timedOut
        /// Something that is not the host's wrote into the record.
        case disturbed
        case tooLarge
        case notStarted(String)
    }

    /// Where a trial finds its record.
    static let recordDescriptor: Int32 = 3

    let arguments: [String]
    /// Strings of C, `KEY=value`.
    let environment: [[CChar]]
    let timeoutMilliseconds: Int

    /// What it wrote to standard output and standard error.
    private(set) var output = OutputTail()

    init(arguments: [String], environment: [[CChar]], timeoutMilliseconds: Int) {
        self.arguments = arguments
        self.environment = environment
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// Blocks until it is over. The calling thread has to stay until then, as the trial ends with it.
    ///
    /// - Parameter executable: the program to run.
    mutating func run(_ executable: String) -> Outcome {
        let record = TrialRecord(nonce: SecureRandom.bytes(TrialRecord.nonceSize))
        guard let channel = DescriptorPair.sockets() else { return .notStarted(FileStatus.Failure(errno).reason) }
        guard let words = DescriptorPair.pipe() else {
            let error = errno
            // Closing it may change errno.
            return withExtendedLifetime(channel) { .notStarted(FileStatus.Failure(error).reason) }
        }
        // It is there before the trial asks for it.
        let sent = unsafe record.nonce.withUnsafeBytes { nonce in
            unsafe send(channel.ours, nonce.baseAddress, nonce.count, Int32(MSG_NOSIGNAL))
        }
        guard sent == record.nonce.count else { return .notStarted(FileStatus.Failure(errno).reason) }
        var error: Int32 = 0
        let process = OwnChildren.start {
            let (number, failure) = spawn(executable, channel.theirs, words.theirs)
            error = failure
            return number
        }
        channel.closeTheirs()
        words.closeTheirs()
        guard let process else { return .notStarted(FileStatus.Failure(error).reason) }
        let child = ChildEnd(process)
        defer { child.end() }
        return listen(to: child, record, channel, words)
    }

    /// With signals as after `exec` by a shell, a process group of its own, and no descriptor but those named here.
    private func spawn(_ executable: String, _ record: Int32, _ words: Int32) -> (pid_t?, Int32) {
        var arguments = unsafe self.arguments.map { unsafe strdup($0) } + [nil]
        defer { while let word = unsafe arguments.popLast() { unsafe free(word) } }
        var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer { while let word = unsafe variables.popLast() { unsafe free(word) } }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        // Its own process group, so that ending it ends what it started.
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, words, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, words, STDERR_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, record, Self.recordDescriptor)
        // Descriptors that the host was started with close by themselves no more than it does.
        unsafe add_close_from(&actions, Self.recordDescriptor + 1)
        var process = pid_t()
        let error = unsafe posix_spawn(&process, executable, &actions, &attributes, &arguments, &variables)
        return error == 0 ? (process, 0) : (nil, error)
    }

    private mutating func listen(
        to child: ChildEnd, _ record: TrialRecord, _ channel: DescriptorPair, _ words: DescriptorPair
    ) -> Outcome {
        var bytes: [UInt8] = []
        var isOpen = (channel: true, words: true)
        var left = TimeAmount.milliseconds(Int64(timeoutMilliseconds))
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
            let wait = min(left, longest).nanoseconds / 1_000_000
            unsafe poll(&entries, nfds_t(entries.count), Int32(clamping: wait))
            // Before it is read: what was written before the end is there then.
            let end = child.look(keeps: true)
            repeat {
                guard isOpen.channel, let more = Self.read(channel.ours) else { break }
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
                guard isOpen.words, let more = Self.read(words.ours) else { break }
                isOpen.words = !more.isEmpty
                output.append(more)
            }
            if let end { return .ended(end) }
            // A host that was stopped meanwhile, or slept, does not count that as the pack's time.
            left = left - min(NIODeadline.now() - before, longest + .milliseconds(500))
            if left <= .zero { return .timedOut }
            if HostSignals.isStopAsked { return .notStarted("the host was asked to stop meanwhile") }
        }
    }

    /// What is there; empty at the end, `nil` when there is nothing at the moment.
    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, size in
            count = repeatingInterrupted { unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
            size = max(0, count)
        }
        if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) { return nil }
        return bytes
    }
}
