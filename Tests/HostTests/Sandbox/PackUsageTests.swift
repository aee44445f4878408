// What of a process is held against its bounds, and how that reads.

import Glibc
import Testing

@testable import HostBase
@testable import HostSandbox

@Suite struct PackUsageTests {
    private static let lines = """
        Name:\tpack VmSwap:.so
        VmHWM:\t   99999 kB
        RssAnon:\t    2048 kB
        RssFile:\t   30000 kB
        RssShmem:\t     512 kB
        VmPTE:\t     256 kB
        VmSwap:\t    1024 kB
        HugetlbPages:\t   4096 kB
        Threads:\t17

        """

    @Test func whatIsItsOwnSharedHugeSwappedOrATableIsCounted() {
        let status = ProcessStatus(text: Self.lines)
        #expect(PackUsage(status, without: 0) == PackUsage(memory: (2048 + 512 + 1024 + 4096 + 256) << 10, threads: 17))
        // What the host has as well, of which nobody can be charged more than is mapped.
        #expect(PackUsage(status, without: 100 << 10)?.memory == (2048 + 412 + 1024 + 4096 + 256) << 10)
        #expect(PackUsage(status, without: 1 << 30)?.memory == (2048 + 1024 + 4096 + 256) << 10)
    }

    /// Of one that is about to be gone the system has no memory.
    @Test(arguments: ["", "Name:\tx\nState:\tZ (zombie)\nThreads:\t1\n", "RssAnon:\nRssShmem:\nThreads:\n", "RssAnon"])
    func ofOneThatIsGoneThereIsNone(text: String) {
        #expect(PackUsage(ProcessStatus(text: text), without: 0) == nil)
    }

    @Test func thisProcessHasSome() throws {
        let before = try #require(PackUsage(of: getpid(), without: 0))
        #expect(before.memory > 1 << 20 && before.threads >= 1)
        let size = 64 << 20
        guard let block = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) else {
            return
        }
        defer { unsafe munmap(block, size) }
        unsafe memset(block, 1, size)
        // Other tests run beside this one, and give memory back meanwhile.
        #expect(try #require(PackUsage(of: getpid(), without: 0)).memory > before.memory + size / 2)
        #expect(PackUsage(of: Int32.max, without: 0) == nil)
    }

    @Test(arguments: [
        (
            PackOverrun(.memory, bound: 512 << 20, seen: (600 << 20) + 1, policyFile: "orders.yaml"),
            "held 601MiB of memory and may hold 512MiB; `memory: 1GiB` in orders.yaml, or PACK_MEMORY, allows it more"
        ),
        (
            PackOverrun(.threads, bound: 256, seen: 3000, policyFile: "orders.yaml"),
            "had 3000 threads and may have 256; `threads: 512` in orders.yaml, or PACK_THREADS, allows it more"
        ),
        (
            PackOverrun(.watches, bound: 16384, seen: 16385, policyFile: "orders.yaml"),
            "watched descriptors more than 16384 times (epoll), which is 16 for each that it may have; "
                + "`open_files: 2048` in orders.yaml, or PACK_OPEN_FILES, allows it more"
        ),
    ])
    func whatIsBeyondIsTold(overrun: PackOverrun, text: String) {
        #expect(overrun.text == text)
    }
}
