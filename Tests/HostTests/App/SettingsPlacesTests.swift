// A place that cannot be taken is told by the key that names it.

import NIOCore
import Testing

@testable import HostApp
@testable import HostHTTP

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

    @Test(arguments: [("0", System.coreCount), ("3", 3)])
    func eventLoopsAreOneAProcessorUnlessTheyAreCounted(value: String, loops: Int) throws {
        #expect(try TestEditions.settings(["HTTP_EVENT_LOOPS": value]).http.loops == loops)
    }
}
