// Whether a thread had its chance in the last moments, so that one that was stopped, starved or swapped out is not
// blamed.

import Glibc
import HostBase

/// What the system says of one thread (proc_pid_stat(5)).
struct ThreadProgress: Equatable {
    /// `R` runs or wants to, `S` waits, `D` waits for a disk, `T` is stopped, `t` is held by a debugger.
    var state: Character
    /// Pages that were read from a disk.
    var majorFaults: UInt64
    /// In ticks of the system's clock.
    var processorTime: UInt64

    /// - Parameter line: of `/proc/self/task/ID/stat`.
    init?(line: String) {
        // The name, in parentheses, may hold anything.
        guard let end = line.utf8.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = line[line.utf8.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let state = fields[0].first, let majorFaults = UInt64(fields[9]),
            let user = UInt64(fields[11]), let system = UInt64(fields[12])
        else { return nil }
        self.init(state: state, majorFaults: majorFaults, processorTime: user + system)
    }

    init(state: Character, majorFaults: UInt64 = 0, processorTime: UInt64 = 0) {
        (self.state, self.majorFaults, self.processorTime) = (state, majorFaults, processorTime)
    }

    /// `nil` where the system does not tell.
    static func ofThread(_ id: pid_t) -> ThreadProgress? {
        ThreadProgress(line: ProcessFile.text("/proc/self/task/\(id)/stat"))
    }

    /// The chance that a thread had to move, which was `earlier` a moment before.
    func chance(since earlier: ThreadProgress) -> LoopVigil.Chance {
        guard majorFaults == earlier.majorFaults else { return .none }
        switch state {
        case "S": return .had
        case "R": return processorTime > earlier.processorTime ? .had : .hindered
        case "D": return .hindered
        default: return .none
        }
    }

    /// Whether a debugger holds this process, or could at any moment.
    static var isTraced: Bool {
        ProcessStatus(of: getpid()).numbers(["TracerPid"])[0].map { $0 != 0 } ?? false
    }
}
