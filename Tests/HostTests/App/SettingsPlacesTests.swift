// A place that cannot be taken is told by the key that names it.

import NIOCore
import Testing

@testable import HostApp
@testable import HostCalls
@testable import HostHTTP
@testable import HostLanes

@Suite struct SettingsPlacesTests {
    @Test func aPortIsTakenOnce() throws {
        var settings = try TestEditions.settings(["MCP_SERVER_PORT": "0"])
        let socket = try settings.bind()
        settings.port = try #require(socket.address.port)
        do {
            _ = try settings.bind()
            Issue.record("it was taken twice")
        } catch {
            #expect(error.key == "MCP_SERVER_HOST, MCP_SERVER_PORT")
            #expect(error.problem.hasPrefix("cannot listen on \(settings.host), port \(settings.port): "))
        }
        _ = consume socket
    }

    @Test func aStateFolderBelowAFileIsNone() throws {
        let settings = try TestEditions.settings(["STATE_DIR": "/dev/null/state"])
        do {
            try settings.prepareStateFolder()
            Issue.record("there is a folder")
        } catch {
            #expect(error.key == "STATE_DIR")
            #expect(error.problem.contains("/dev/null"))
        }
    }

    @Test(arguments: [("0", min(System.coreCount, 256)), ("3", 3), ("256", 256)])
    func eventLoopsAreOneAProcessorUnlessTheyAreCounted(value: String, loops: Int) throws {
        #expect(try TestEditions.settings(["HTTP_EVENT_LOOPS": value]).http.loops == loops)
    }

    /// Which a pack in a process of its own has room for.
    @Test func theMostLoopsAndCallsFitIntoARunner() throws {
        let settings = try TestEditions.settings(["HTTP_EVENT_LOOPS": "256", "TOOL_PACK_CALLS": "1000000"])
        #expect(settings.http.loops == RunnerMap.mostLoops && HTTPSettings.mostLoops == RunnerMap.mostLoops)
        #expect(PackDesk.mostInside(settings.calls) == RunnerMap.mostCalls)
        for (key, value) in [("HTTP_EVENT_LOOPS", "257"), ("TOOL_PACK_CALLS", "1000001")] {
            #expect(throws: SettingsError.self) { try TestEditions.settings([key: value]) }
        }
    }
}
