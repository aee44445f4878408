// Feeds whatever libFuzzer comes up with to everything by which the host reads what a runner wrote.

@testable import HostLanes

/// Called by libFuzzer. The first byte says what the others are; an input that breaks a promise brings the process
/// down.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard let kind = bytes.first else { return 0 }
    let rest = Array(bytes.dropFirst())
    switch kind {
    case UInt8(ascii: "l"): FuzzedLife.run(rest, services: false)
    case UInt8(ascii: "r"): FuzzedLife.run(rest, services: true)
    case UInt8(ascii: "f"): LaneFuzzer.frames(rest)
    case UInt8(ascii: "t"): LaneFuzzer.texts(rest)
    case UInt8(ascii: "o"): LaneFuzzer.orders(rest)
    case UInt8(ascii: "q"): LaneFuzzer.request(rest)
    case UInt8(ascii: "a"): LaneFuzzer.response(rest)
    default: return -1
    }
    return 0
}

/// What goes over the socket, and what lies in the blocks of an arena: nothing comes out that does not go in again as
/// it was.
enum LaneFuzzer {
    /// However the bytes come, the same messages come out of them.
    static func frames(_ bytes: [UInt8]) {
        var (whole, slow) = (LifeReader(), LifeReader())
        whole.append(bytes)
        var frames: [LifeFrame] = []
        while let frame = whole.next() { frames.append(frame) }
        var others: [LifeFrame] = []
        for byte in bytes {
            slow.append([byte])
            while let frame = slow.next() { others.append(frame) }
        }
        precondition(frames == others && whole.isBroken == slow.isBroken)
        precondition(bytes.starts(with: frames.flatMap(\.bytes)))
        precondition(frames.allSatisfy { $0.content.count <= $0.kind.limit })
    }

    static func texts(_ bytes: [UInt8]) {
        guard let texts = TextFrame.texts(bytes) else { return }
        precondition(TextFrame.bytes(texts) == bytes && TextFrame.size(of: texts) == bytes.count)
    }

    static func orders(_ bytes: [UInt8]) {
        guard let orders = RunnerOrders(bytes) else { return }
        precondition((1...RunnerMap.mostWorkers).contains(orders.workers))
        precondition(RunnerOrders(orders.bytes) == orders)
    }

    static func request(_ bytes: [UInt8]) {
        guard let head = RequestHead(bytes) else { return }
        precondition(head.method.utf8.count <= RequestHead.longestMethod)
        precondition(head.url.utf8.count <= RequestHead.longestURL && head.fields.count <= RequestHead.mostFields)
        guard let same = RequestHead(head.bytes) else { preconditionFailure("a head that cannot be said again") }
        precondition(same.bytes == head.bytes)
    }

    static func response(_ bytes: [UInt8]) {
        guard let head = ResponseHead(bytes) else { return }
        guard let same = ResponseHead(head.bytes) else { preconditionFailure("a head that cannot be said again") }
        precondition(same.bytes == head.bytes)
    }
}
