// What was read of programs and packs only to start them need not stay in memory.

import CGlibc
import Glibc

/// The code and the constants of everything that is loaded.
enum LoadedText {
    /// Takes pages that the start touched out of the process's memory. The files stay in the system's cache; what is
    /// needed again is mapped again when it is touched.
    ///
    /// Only segments that nobody writes: dropping their pages loses nothing. An object with relocations in its code
    /// (DT_TEXTREL) is left alone, since its pages differ from the file.
    static func release() {
        _ = unsafe for_each_loaded_object(
            { object, _, _ in
                guard let object = unsafe object?.pointee else { return 0 }
                let segments = unsafe UnsafeBufferPointer(start: object.segments, count: Int(object.segment_count))
                let base = unsafe UInt(object.base)
                guard unsafe !LoadedText.isRelocatedInCode(segments, base) else { return 0 }
                for index in segments.indices {
                    let segment = unsafe segments[index]
                    guard segment.p_type == PT_LOAD, segment.p_flags & UInt32(PF_W) == 0 else { continue }
                    // A page that reaches beyond the segment may belong to a neighbour, too.
                    let start = (base + UInt(segment.p_vaddr) + LoadedText.page - 1) & ~(LoadedText.page - 1)
                    let end = (base + UInt(segment.p_vaddr + segment.p_filesz)) & ~(LoadedText.page - 1)
                    guard start < end else { continue }
                    unsafe madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED)
                }
                return 0
            }, nil)
    }

    private static let page = UInt(sysconf(Int32(_SC_PAGESIZE)))

    private static func isRelocatedInCode(_ segments: UnsafeBufferPointer<Elf64_Phdr>, _ base: UInt) -> Bool {
        guard let dynamic = unsafe segments.first(where: { $0.p_type == PT_DYNAMIC }),
            var entry = unsafe UnsafePointer<Elf64_Dyn>(bitPattern: base + UInt(dynamic.p_vaddr))
        else { return true }
        while unsafe entry.pointee.d_tag != DT_NULL {
            let (tag, value) = unsafe (entry.pointee.d_tag, entry.pointee.d_un.d_val)
            if tag == DT_TEXTREL || (tag == DT_FLAGS && value & UInt64(DF_TEXTREL) != 0) { return true }
            unsafe entry += 1
        }
        return false
    }
}
