// Memory as host and runner share it, between pages that nobody may read.

import Glibc
import HostLanes

/// The same for all inputs, and of zeros at the beginning of each.
enum FuzzedMemory {
    static let map = RunnerMap(loops: 2, calls: 8)
    /// Blocks at the beginning of the results that inputs write to.
    static let blocks = 32

    static let memory: SharedMemory = {
        // Mapped one below the other, so that whatever is read beside the memory ends the process.
        let size = map.size
        let above = unsafe mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let memory = try? SharedMemory("fuzzer", size: size) else { fatalError("there is no shared memory") }
        let below = unsafe mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        let isBetween = unsafe below.map { unsafe $0 + size } == memory.start && above == memory.start + size
        precondition(isBetween, "there is something beside the shared memory")
        return memory
    }()

    /// Everything but the arenas.
    static var numbers: Int { map.start(of: .calls) }

    static func clear() {
        unsafe memset(memory.start, 0, numbers)
        unsafe memset(memory.start + map.start(of: .results), 0, blocks * ArenaSpace.unit)
    }
}
