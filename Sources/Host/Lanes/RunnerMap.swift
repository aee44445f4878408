// The specification of what host and runner share: which part of the memory is what.
//
// The memory belongs to one runner's life. It begins with numbers on which threads sleep, and which say who sleeps;
// then come the rings, then the marks of results that were taken, then the two arenas. A ring has one direction.
//
//   calls     host → runner   calls for the workers
//   hints     host → runner   cancellations
//   outcomes  host → runner   ends of requests
//   answers   runner → host   one for each event loop: what calls of that loop came to, their progress and requests
//   notes     runner → host   lines of the log, what breaks the contract
//
// Each arena has one side that hands out its blocks and knows alone which are in use. The host takes a call's block
// back when the call is settled, however long that takes. A block of results and one of outcomes is taken back when
// the other side has marked it as taken.
//
//   calls     host → runner   the blocks of open calls
//   outcomes  host → runner   ends of requests
//   results   runner → host   whatever a runner says

import HostBase

/// Where everything lies. Both sides make the same one of the same numbers.
public struct RunnerMap: Sendable, Equatable {
    /// Event loops of the host.
    public let loops: Int
    /// Calls that may be open.
    public let calls: Int
    /// Bytes of each arena.
    public static let arena = 128 << 20
    /// The most threads of a runner that take up calls: as many as a number has bits.
    public static let mostWorkers = 64
    /// Cells of the rings that calls do not need.
    public static let noteCells = 256
    public static let mostLoops = 256
    /// As many as an operator may let wait, and as many that never block as are let in beside them.
    public static let mostCalls = 1_000_128

    // Numbers that different threads write lie in cache lines of their own.
    private static let line = 64
    private static let beds = line
    private static let lonelyBeds = beds + mostWorkers * line
    private static let bells = lonelyBeds + 2 * line
    private static let rings = 32 << 10
    private static let page = 4096

    public init(loops: Int, calls: Int) {
        precondition(
            loops <= Self.mostLoops && Self.bells + (1 + loops) * Self.line <= Self.rings,
            "there are more loops than the memory has bells for")
        precondition(calls <= Self.mostCalls, "there are more calls than a runner takes")
        self.loops = loops
        self.calls = calls
    }

    /// Each open call has one entry under way in each direction, and an answer and what it came to may both wait.
    var callCells: Int { Self.powerOfTwo(atLeast: 2 * calls + Self.noteCells) }

    private var marks: Int { Self.rings + (4 + loops) * callCells * RingCells.cellSize }
    private static let marksSize = arena / ArenaSpace.unit * 4
    private var arenas: Int { (marks + 2 * Self.marksSize + Self.page - 1) / Self.page * Self.page }

    /// Bytes of the memory. Those that nobody has written to take no room.
    public var size: Int { arenas + 3 * Self.arena }

    private static func powerOfTwo(atLeast number: Int) -> Int {
        number <= 1 ? 1 : 1 << (Int.bitWidth - (number - 1).leadingZeroBitCount)
    }

    /// Which ring.
    public enum RingName: Sendable, Equatable {
        case calls, hints, outcomes, notes
        /// - Parameter loop: the number of an event loop, below ``RunnerMap/loops``.
        case answers(loop: Int)
    }

    public func ring(_ name: RingName, in memory: SharedMemory) -> RingCells {
        let number =
            switch name {
            case .calls: 0
            case .hints: 1
            case .outcomes: 2
            case .notes: 3
            case .answers(let loop): 4 + loop
            }
        precondition(number < 4 + loops, "there is no such ring")
        let start = unsafe memory.start + Self.rings + number * callCells * RingCells.cellSize
        return unsafe RingCells(at: start, count: callCells)
    }

    /// Bits of workers that sleep, lowest first.
    public func sleepers(in memory: SharedMemory) -> SharedNumber { unsafe SharedNumber(at: memory.start) }

    /// What a worker sleeps on.
    public func bed(ofWorker number: Int, in memory: SharedMemory) -> SharedWord {
        precondition(number < Self.mostWorkers, "there is no such worker")
        return unsafe SharedWord(at: memory.start + Self.beds + Self.line * number)
    }

    /// What the one reader of hints or of outcomes sleeps on: 1 while it does.
    public func bed(ofReaderOf ring: RingName, in memory: SharedMemory) -> SharedWord {
        unsafe SharedWord(at: memory.start + Self.lonelyBeds + (ring == .hints ? 0 : Self.line))
    }

    /// 1 while the host wants to be woken for what comes on a ring of the runner's.
    public func bell(of ring: RingName, in memory: SharedMemory) -> SharedWord {
        var number = 0
        if case .answers(let loop) = ring { number = 1 + loop }
        return unsafe SharedWord(at: memory.start + Self.bells + Self.line * number)
    }

    /// Which arena.
    public enum ArenaName: Int, Sendable {
        case calls, outcomes, results
    }

    /// One whose reader marks what it has taken.
    public enum MarkedArena: Int, Sendable {
        case outcomes, results

        var name: ArenaName { self == .outcomes ? .outcomes : .results }
    }

    /// 1 where the reader of an arena has taken what lies at `offset` of it.
    public func mark(at offset: Int, of arena: MarkedArena, in memory: SharedMemory) -> SharedWord {
        let place = marks + arena.rawValue * Self.marksSize + offset / ArenaSpace.unit * 4
        return unsafe SharedWord(at: memory.start + place)
    }

    /// Where an arena begins.
    public func start(of arena: ArenaName) -> Int { arenas + arena.rawValue * Self.arena }
}
