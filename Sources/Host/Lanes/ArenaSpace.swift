// Which parts of an arena are in use: a value, kept by the side that hands them out.

/// Hands out blocks of powers of two (the buddy system: Knuth, The Art of Computer Programming, volume 1, section 2.5),
/// which come back in any order. A block that comes back is kept whole at first, for whoever wants the same next:
/// splitting and joining again took twelve thousand instructions of a call. Where there is none of a wanted size those
/// are joined. Offsets are in bytes.
public struct ArenaSpace: Sendable {
    /// The smallest block, a page.
    public static let unit = 4096

    /// Free blocks by order; those of order n have 2^n units.
    private var free: [[Int32]] = []
    /// Blocks by order that have come back and are kept whole; the latest is handed out first, being the warmest.
    private var kept: [[Int32]] = []
    /// For each unit at which a block begins: its order, with a bit where it is free or kept; 0xFF elsewhere.
    private var state: [UInt8]
    /// Where a free block stands in its list.
    private var places: [Int32: Int32] = [:]
    private let orders: Int
    /// Bytes in use, with what rounding adds.
    public private(set) var used = 0

    public var isEmpty: Bool { used == 0 }

    private static let isFree: UInt8 = 0x80
    private static let isKept: UInt8 = 0x40
    /// The most blocks of an order that are kept.
    private static let mostKept = 256
    private static let inside: UInt8 = 0xFF

    /// - Parameter size: in bytes: a power of two of units.
    public init(size: Int) {
        let units = size / Self.unit
        precondition(
            units > 0 && units & (units - 1) == 0 && size % Self.unit == 0, "an arena has a power of two of pages")
        orders = units.trailingZeroBitCount + 1
        state = Array(repeating: Self.inside, count: units)
        free = Array(repeating: [], count: orders)
        kept = free
        put(0, orders - 1)
    }

    private static func order(of size: Int) -> Int {
        let units = max(1, (size + unit - 1) / unit)
        return units == 1 ? 0 : Int.bitWidth - (units - 1).leadingZeroBitCount
    }

    /// - Returns: where a block of at least so many bytes begins; `nil` where there is none.
    public mutating func take(_ size: Int) -> Int? {
        guard size >= 0, size <= state.count * Self.unit else { return nil }
        let order = Self.order(of: size)
        if let unit = kept[order].popLast() {
            use(unit, order)
            return Int(unit) * Self.unit
        }
        if let offset = split(order) { return offset }
        joinKept()
        return split(order)
    }

    private mutating func use(_ unit: Int32, _ order: Int) {
        state[Int(unit)] = UInt8(order)
        used += Self.unit << order
    }

    /// Takes a block of an order out of the free ones.
    private mutating func split(_ order: Int) -> Int? {
        guard var from = (order..<orders).first(where: { !free[$0].isEmpty }), let unit = free[from].last else {
            return nil
        }
        remove(unit, from)
        while from > order {
            from -= 1
            put(unit + Int32(1 << from), from)
        }
        use(unit, order)
        return Int(unit) * Self.unit
    }

    /// - Returns: how many bytes come back; `nil` where no block in use begins there.
    @discardableResult
    public mutating func giveBack(_ offset: Int) -> Int? {
        guard offset >= 0, offset % Self.unit == 0, offset / Self.unit < state.count else { return nil }
        let unit = Int32(offset / Self.unit)
        let mark = state[Int(unit)]
        guard mark != Self.inside, mark & (Self.isFree | Self.isKept) == 0 else { return nil }
        let order = Int(mark)
        let size = Self.unit << order
        used -= size
        if kept[order].count < Self.mostKept {
            state[Int(unit)] = mark | Self.isKept
            kept[order].append(unit)
        } else {
            join(unit, order)
        }
        return size
    }

    private mutating func joinKept() {
        for order in kept.indices {
            for unit in kept[order] { join(unit, order) }
            kept[order].removeAll(keepingCapacity: true)
        }
    }

    /// A block is free: with its neighbour, where that is free as well, it is one of the next order.
    private mutating func join(_ unit: Int32, _ order: Int) {
        var (unit, order) = (unit, order)
        state[Int(unit)] = Self.inside
        while order < orders - 1 {
            let buddy = unit ^ Int32(1 << order)
            guard state[Int(buddy)] == UInt8(order) | Self.isFree else { break }
            remove(buddy, order)
            unit = min(unit, buddy)
            order += 1
        }
        put(unit, order)
    }

    private mutating func put(_ unit: Int32, _ order: Int) {
        state[Int(unit)] = UInt8(order) | Self.isFree
        places[unit] = Int32(free[order].count)
        free[order].append(unit)
    }

    private mutating func remove(_ unit: Int32, _ order: Int) {
        state[Int(unit)] = Self.inside
        guard let place = places.removeValue(forKey: unit), let last = free[order].popLast(), last != unit else {
            return
        }
        free[order][Int(place)] = last
        places[last] = place
    }
}
