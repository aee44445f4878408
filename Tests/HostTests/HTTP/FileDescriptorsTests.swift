// The limit on open files is shared in proportion: a small one leaves connections, a large one is not eaten up by them.

import Testing

@testable import HostHTTP

@Suite struct FileDescriptorsTests {
    @Test(arguments: [(64, 16...32), (128, 50...100), (256, 130...200), (1024, 600...800), (16_384, 15_000...16_200)])
    func everyLimitLeavesConnectionsAndRoomForPacks(limit: Int, expected: ClosedRange<Int>) {
        let room = FileDescriptors(limit: limit, open: 8).connections(wanted: 1_000_000, loops: 2)
        #expect(expected.contains(room), "\(room)")
        #expect(limit - 8 - room >= min(256, limit / 5), "what is left for the host and its packs")
    }

    @Test func whatIsOpenIsNotThere() {
        let few = FileDescriptors(limit: 256, open: 8)
        let many = FileDescriptors(limit: 256, open: 200)
        #expect(many.connections(wanted: 1000, loops: 0) < few.connections(wanted: 1000, loops: 0) - 100)
        #expect(FileDescriptors(limit: 256, open: 256).connections(wanted: 1000, loops: 0) < 1)
    }

    @Test func noMoreThanWantedAreTaken() {
        #expect(FileDescriptors(limit: 1 << 20, open: 8).connections(wanted: 100, loops: 64) == 100)
    }

    /// What the host says that it needs is what it needs.
    @Test(arguments: [1, 8, 100, 767, 768, 1024, 16_384], [0, 2, 64])
    func theLimitThatIsToldIsEnough(connections: Int, loops: Int) {
        let state = FileDescriptors(limit: 0, open: 11)
        let limit = state.limit(for: connections, loops: loops)
        let told = FileDescriptors(limit: limit, open: 11).connections(wanted: connections, loops: loops)
        #expect(told == connections)
        let less = FileDescriptors(limit: limit - 2, open: 11).connections(wanted: connections, loops: loops)
        #expect(less < connections, "nor much more than it takes")
    }

    @Test func thisProcessHasALimit() {
        let now = FileDescriptors.current
        #expect(now.limit > 3 && now.open >= 3 && now.open < now.limit)
    }
}
