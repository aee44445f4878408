// What is no shared object for this machine is told apart before the loader sees it.

import Testing

@testable import HostPacks

@Suite struct ELFHeaderTests {
    /// A header that passes: 64 bytes, no sections.
    private var good: [UInt8] {
        var file = [UInt8](repeating: 0, count: 64)
        file.replaceSubrange(0..<4, with: [0x7F, 0x45, 0x4C, 0x46])
        (file[4], file[5], file[16]) = (2, 1, 3)
        #if arch(x86_64)
            file[18] = 62
        #else
            file[18] = 183
        #endif
        return file
    }

    private func problem(_ change: (inout [UInt8]) -> Void) -> String {
        var file = good
        change(&file)
        return ELFHeader.problem(in: file) ?? "none"
    }

    @Test func aSharedObjectForThisMachinePasses() {
        #expect(ELFHeader.problem(in: good) == nil)
    }

    @Test func everythingElseIsNamed() {
        #expect(ELFHeader.problem(in: [])?.contains("not an ELF file") == true)
        #expect(ELFHeader.problem(in: Array("#!/bin/sh".utf8))?.contains("not an ELF file") == true)
        #expect(problem { $0.removeLast() }.contains("ends inside its header"))
        #expect(problem { $0[4] = 1 }.contains("64-bit"))
        #expect(problem { $0[18] = 40 }.contains("another machine"))
        #expect(problem { $0[16] = 1 }.contains("no shared object"))
        #expect(problem { $0[41] = 1 }.contains("ends too early"))
        #expect(problem { for i in 40..<48 { $0[i] = 0xFF } }.contains("ends too early"))
    }
}
