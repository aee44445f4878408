// The event loops that servers live on, and where each of them runs.

import NIOCore
import NIOPosix

/// One value for all servers of a group: a loop has one place, whoever gives it work.
package struct ServerLoops: Sendable {
    let group: MultiThreadedEventLoopGroup
    private let places: [ObjectIdentifier: NIOLoopBoundBox<LoopPlace>]

    package init(_ group: MultiThreadedEventLoopGroup) {
        self.group = group
        let loops = Array(group.makeIterator())
        let all = LoopPlaces(loops: loops.count)
        let places = loops.enumerated().map { number, loop in
            let place = LoopPlace(number, of: all, isWatched: loops.count > 1, now: .now())
            return (ObjectIdentifier(loop), NIOLoopBoundBox.makeBoxSendingValue(place, eventLoop: loop))
        }
        self.places = Dictionary(places, uniquingKeysWith: { first, _ in first })
    }

    /// Asked on that loop.
    func place(of loop: any EventLoop) -> LoopPlace? { places[ObjectIdentifier(loop)]?.value }
}
