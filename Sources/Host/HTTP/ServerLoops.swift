// The event loops that servers live on, and where each of them runs.

import NIOCore
import NIOPosix

/// One value for all servers of a group: a loop has one station, whoever gives it work.
public struct ServerLoops: Sendable {
    let group: MultiThreadedEventLoopGroup
    private let stations: [ObjectIdentifier: NIOLoopBoundBox<LoopStation>]

    public init(_ group: MultiThreadedEventLoopGroup) {
        self.group = group
        let loops = Array(group.makeIterator())
        let all = LoopSpread(loops: loops.count)
        let stations = loops.enumerated().map { number, loop in
            let station = LoopStation(number, of: all, isWatched: loops.count > 1, now: .now())
            return (ObjectIdentifier(loop), NIOLoopBoundBox.makeBoxSendingValue(station, eventLoop: loop))
        }
        self.stations = Dictionary(stations, uniquingKeysWith: { first, _ in first })
    }

    /// Asked on that loop.
    func station(of loop: any EventLoop) -> LoopStation? { stations[ObjectIdentifier(loop)]?.value }
}
