// What a pack's process has in use, as it is held against its bounds.

import HostBase

/// Of one moment. A page that several processes share is counted in each of them, since it is not known whose it is.
public struct PackUsage: Sendable, Equatable {
    /// Bytes: anonymous memory, shared memory that is mapped, huge pages, what of it lies in swap, and the tables by
    /// which it is found, which a process can have without any of it. Not: files that are mapped, which can be read
    /// again; shared memory and pipes that nobody has mapped; whatever else the kernel keeps for it.
    public var memory: Int
    public var threads: Int

    public init(memory: Int, threads: Int) {
        self.memory = memory
        self.threads = threads
    }

    /// - Parameter hosts: bytes of shared memory that are the host's as well, and so not counted.
    /// - Returns: `nil` where the process is gone, or about to be.
    public init?(of process: Int32, without hosts: Int) {
        if let usage = PackUsage(ProcessStatus(of: process), without: hosts) {
            self = usage
            return
        }
        // The system says nothing of the memory of a process whose first thread has ended, while the others go on.
        let others = ProcessFile.threads(of: process).lazy.filter { $0 != process }
        guard
            let usage = others.compactMap({
                PackUsage(ProcessStatus(of: process, thread: $0), without: hosts)
            }).first
        else { return nil }
        self = usage
    }

    init?(_ status: ProcessStatus, without hosts: Int) {
        let numbers = status.numbers(["RssAnon", "RssShmem", "VmSwap", "HugetlbPages", "Threads", "VmPTE"])
        guard let anonymous = numbers[0], let shared = numbers[1], let threads = numbers[4] else { return nil }
        let swapped = numbers[2] ?? 0
        let huge = numbers[3] ?? 0
        let tables = numbers[5] ?? 0
        self.init(
            memory: (anonymous + swapped + huge + tables) << 10 + max(0, shared << 10 - hosts), threads: threads)
    }
}
