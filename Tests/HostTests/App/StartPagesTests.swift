// What is given back is the program's own, and comes back as it was.

import Glibc
import Testing

@testable import HostApp
@testable import HostBase

@Suite("StartPages") struct StartPagesTests {
    /// The program's own mapped files that are not to be written to, by the bytes that are in memory of each.
    private func resident() -> (constant: Int, other: Int) {
        var sizes = (constant: 0, other: 0)
        let program = unsafe realpath("/proc/self/exe", nil).map { unsafe String(cString: $0) } ?? ""
        var isConstant = false
        for line in ProcessFile.text("/proc/self/smaps").split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 5).map { $0.trimmed }
            if words.count == 6, words[0].contains("-") { isConstant = words[1] == "r-xp" && words[5] == program }
            guard words.first == "Rss:", words.count > 1, let size = Int(words[1]) else { continue }
            if isConstant { sizes.constant += size } else { sizes.other += size }
        }
        return sizes
    }

    @Test("Memory of others keeps what is in it, and the program goes on")
    func losesNothing() throws {
        let size = 1 << 20
        let mapped = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        let memory = try unsafe #require(mapped)
        unsafe memset(memory, 0xA5, size)
        unsafe mprotect(memory, size, PROT_READ)
        let before = resident()
        StartPages.giveBack()
        let after = resident()
        #expect(after.constant < before.constant)
        let bytes = unsafe UnsafeRawBufferPointer(start: memory, count: size)
        #expect(unsafe bytes.allSatisfy { $0 == 0xA5 })
        unsafe munmap(memory, size)
    }
}
