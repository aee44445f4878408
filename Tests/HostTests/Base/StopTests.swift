// What is said of a stop, and what the process ends with.

import NIOCore
import Testing

@testable import HostApp
@testable import HostBase

@Suite struct StopTests {
    private static let stopping = "info: stopping: open requests may end, and soon new ones are not accepted"
    private static let byPack = "critical: a pack sent the process a signal that ends it"

    @Test(
        arguments: [
            (.asked("SIGTERM"), 0, ["\(stopping) signal=SIGTERM"]),
            (
                .byPack("shop", signal: "SIGQUIT"), ExitStatus.endedByPack,
                ["\(byPack) pack=shop signal=SIGQUIT", "\(stopping) signal=SIGQUIT"]
            ),
            (
                .byPack(nil, signal: "SIGINT"), ExitStatus.endedByPack,
                ["\(byPack) signal=SIGINT", "\(stopping) signal=SIGINT"]
            ),
            (.givenUp, ExitStatus.stuck, [stopping]),
        ] as [(HostSignals.Stop, Int32, [String])])
    func eachReason(stop: HostSignals.Stop, status: Int32, told: [String]) {
        let lines = CollectedLines()
        stop.write(to: lines.logger)
        #expect(lines.all == told)
        #expect(stop.status == status)
    }

    @Test func aStopTakesLittleMoreThanTheTimesThatTheOperatorKnows() throws {
        let settings = try TestEditions.settings(["HTTP_SHUTDOWN_TIMEOUT": "2s", "TOOL_START_TIMEOUT": "4s"])
        #expect(settings.longestStop == .seconds(9))
    }
}
