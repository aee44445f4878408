// Memory is read out of what the system writes for people.

import Glibc
import Testing

@testable import HostBase

@Suite struct ProcessMemoryTests {
    @Test(arguments: [
        ("55d0-7ffd ---p 0 00:00 0  [rollup]\nRss:  900 kB\nPss:               412 kB\nPss_Anon:  7 kB\n", 412 * 1024),
        ("Rss:  900 kB\n", nil), ("Pss:  412 MB\n", nil), ("Pss:  x kB\n", nil), ("Pss:\n", nil), ("", nil),
    ])
    func itIsTheProportionalSet(text: String, bytes: Int?) {
        #expect(ProcessMemory.proportional(in: text) == bytes)
    }

    @Test func processesThatAreThereHaveSome() {
        #expect(ProcessMemory.proportional(of: getpid()) ?? 0 > 1 << 20)
        #expect(ProcessMemory.proportional(of: -1) == nil)
    }
}
