// Whether a file can be loaded into this process at all, judged from its first bytes and before the loader sees it.

/// The identity part of an ELF file (System V ABI, chapter 4).
struct ELFHeader {
    #if arch(x86_64)
        private static let machine: (code: UInt16, name: String) = (62, "x86-64")
    #elseif arch(arm64)
        private static let machine: (code: UInt16, name: String) = (183, "AArch64")
    #endif
    private static let sharedObject: UInt16 = 3
    private static let headerSize = 64

    /// What keeps `file` from being a shared object for this machine; `nil` when nothing does.
    static func problem(in file: [UInt8]) -> String? {
        guard file.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return "is not an ELF file" }
        guard file.count >= headerSize else { return "is an ELF file that ends inside its header" }
        guard file[4] == 2, file[5] == 1 else { return "is not a 64-bit little-endian ELF file" }
        guard half(file, at: 18) == machine.code else {
            return "is built for another machine (ELF machine \(half(file, at: 18))); this one is \(machine.name)"
        }
        guard half(file, at: 16) == sharedObject else {
            return "is an ELF file but no shared object; link it with -shared"
        }
        let sections = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(file[40 + $1]) }
        let sectionsEnd = sections.addingReportingOverflow(UInt64(half(file, at: 58)) * UInt64(half(file, at: 60)))
        guard !sectionsEnd.overflow, sectionsEnd.partialValue <= file.count else {
            return "is an ELF file that ends too early: \(file.count) bytes of \(sectionsEnd.partialValue)"
        }
        return nil
    }

    private static func half(_ file: [UInt8], at offset: Int) -> UInt16 {
        UInt16(file[offset]) | UInt16(file[offset + 1]) << 8
    }
}
