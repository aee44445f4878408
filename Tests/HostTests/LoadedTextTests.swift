// Only pages that are still their file's are given back, and what needs them goes on.

import Glibc
import Testing

@testable import ToolHost

@Suite struct LoadedTextTests {
    private func entry(_ head: String, anonymous: Int) -> String {
        "\(head)\nSize:                132 kB\nRss:                  16 kB\nPrivate_Dirty:         4 kB\n"
            + "Anonymous:     \(anonymous) kB\nVmFlags: rd ex mr mw me\n"
    }

    @Test(arguments: [
        ("1000-3000 r-xp 00000000 fe:00 77 /lib/a.so", 0, true), ("1000-3000 r--p 00000000 fe:00 77 /a b.so", 0, true),
        // Relocated, unpacked or patched.
        ("1000-3000 r-xp 00000000 fe:00 77 /lib/a.so", 4, false),
        ("1000-3000 rw-p 00000000 fe:00 77 /lib/a.so", 0, false),
        ("1000-3000 rwxp 00000000 fe:00 77 /lib/a.so", 0, false),
        ("1000-3000 r--s 00000000 fe:00 77 /var/store.db", 0, false),
        ("1000-3000 ---p 00000000 fe:00 77 /lib/a.so", 0, false),
        ("1000-3000 r-xp 00000000 00:00 0 [vdso]", 0, false),
    ])
    func whatIsUnwritten(head: String, anonymous: Int, isGiven: Bool) {
        let neighbour = entry("5000-6000 rw-p 00000000 00:00 0 [heap]", anonymous: 0)
        let found = LoadedText.unwritten(smaps: neighbour + entry(head, anonymous: anonymous) + neighbour)
        #expect(found == (isGiven ? [0x1000..<0x3000] : []))
    }

    @Test func nothingComesOfNonsense() {
        #expect(LoadedText.unwritten(smaps: "").isEmpty)
        let backwards = "Anonymous: 0 kB\nx\n3000-1000 r-xp 0 fe:00 77 /a\nAnonymous: 0 kB\n"
        #expect(LoadedText.unwritten(smaps: backwards).isEmpty)
    }

    /// Code that changed its own page after it was mapped, as one that unpacks itself does.
    @Test func aChangedPageIsKept() throws {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let descriptor = unsafe open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let mapped = unsafe mmap(nil, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0)
        let memory = try unsafe #require(mapped)
        unsafe memory.storeBytes(of: 0x2A, as: UInt8.self)
        unsafe mprotect(memory, page, PROT_READ)
        LoadedText.release()
        let kept = unsafe memory.load(as: UInt8.self)
        #expect(kept == 0x2A)
        unsafe munmap(memory, page)
    }
}
