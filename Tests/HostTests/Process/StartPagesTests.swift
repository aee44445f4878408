// Which mappings are given back, and that nothing is lost by it.

import Glibc
import Testing

@testable import ToolHost

@Suite("StartPages") struct StartPagesTests {
    @Test(
        "Constant mappings of files are given back, and no others",
        arguments: [
            ("1000-3000 r-xp 00001000 fe:00 1234 /usr/lib/libc.so.6", true),
            ("1000-3000 r--p 00001000 fe:00 1234 /a file with spaces", true),
            ("1000-3000 rw-p 00001000 fe:00 1234 /usr/lib/libc.so.6", false),
            ("1000-3000 r--s 00001000 fe:00 1234 /shared", false),
            ("1000-3000 rw-p 00000000 00:00 0 [heap]", false),
            ("1000-3000 r-xp 00000000 00:00 0 [vdso]", false),
            ("3000-1000 r-xp 00001000 fe:00 1234 /wrong", false), ("", false), ("1000 r-xp", false),
        ])
    func ranges(_ line: String, _ isTaken: Bool) {
        #expect(StartPages.constantFile(line[...]) == (isTaken ? 0x1000..<0x3000 : nil))
    }

    @Test("Memory keeps what is in it, wherever it is")
    func losesNothing() throws {
        let size = 1 << 20
        let mapped = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        let memory = try unsafe #require(mapped)
        unsafe memset(memory, 0xA5, size)
        unsafe mprotect(memory, size, PROT_READ)
        StartPages.giveBack()
        let bytes = unsafe UnsafeRawBufferPointer(start: memory, count: size)
        #expect(unsafe bytes.allSatisfy { $0 == 0xA5 })
        unsafe munmap(memory, size)
    }
}
