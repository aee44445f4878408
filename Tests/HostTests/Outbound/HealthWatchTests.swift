// Looking at health URLs, and no longer than some pack wants it.

import Logging
import NIOCore
import NIOPosix
import Testing

@testable import HostNetwork
@testable import HostOutbound

@Suite struct HealthWatchTests {
    @Test func aPackThatIsGoneKeepsNobodyWaiting() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let (loop, backend) = (group.next(), WireBackend(status: 500))
        try await backend.serve(on: loop) { port in
            let watch = HealthWatch(
                client: WireClient(group: group, settings: try .of([:])), interval: .milliseconds(100),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let url = try #require(OutboundURL("http://127.0.0.1:\(port)/health"))
            let added = watch.add(url, for: "cart", on: loop) && watch.add(url, for: "deals", on: loop)
            #expect(added)
            // When the third look begins, two have failed.
            for await _ in backend.asked.prefix(HealthState.threshold + 1) {}
            #expect(watch.isWaiting("cart") && watch.isWaiting("deals"))
            #expect(watch.refusal(of: url.origin, .now()) != nil)

            watch.remove("cart")
            #expect(!watch.isWaiting("cart") && watch.isWaiting("deals"))
            #expect(watch.refusal(of: url.origin, .now()) != nil, "the other pack waits for it still")
            watch.remove("deals")
            #expect(watch.refusal(of: url.origin, .now()) == nil)

            // Named again, it has to fail twice again.
            let again = watch.add(url, for: "cart", on: loop)
            #expect(again)
            #expect(!watch.isWaiting("cart"))
            watch.remove("cart")
        }
    }

    @Test func aPackNamesSixteenAtMost() throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let watch = HealthWatch(
            client: WireClient(group: group, settings: try .of([:])), interval: .hours(1),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        // Port 9, where nothing listens, is as good as any: what is counted is names.
        let urls = try (1...17).map { try #require(OutboundURL("http://127.0.0.1:9/\($0)")) }
        let added = urls.map { watch.add($0, for: "cart", on: group.next()) }
        #expect(added == Array(repeating: true, count: 16) + [false])
        let others = (
            watch.add(urls[0], for: "cart", on: group.next()), watch.add(urls[16], for: "deals", on: group.next())
        )
        #expect(others.0 && others.1)
        for pack in ["cart", "deals"] { watch.remove(pack) }
    }
}
