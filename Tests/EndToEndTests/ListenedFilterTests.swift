// A host under a filter of system calls that has a listener already, as in some containers: its packs are as confined
// as elsewhere, and the host hears nothing of what they are refused.

import Foundation
import JSON
import Testing

@Suite("Under a filter that somebody listens to") struct ListenedFilterTests {
    @Test("All is held, also where a pack requires it, and status and log say that refusals are not told")
    func host() throws {
        var options = HostOptions(
            packs: ["good", .fixture("config")], policies: ["config": "sandbox: {level: strict, required: true}\n"],
            isolation: .process, wrapper: ["\(try Setup.fixtures)/filter_listener"])
        let elsewhere = try RunningHost.with(HostOptions(isolation: .process)) {
            try $0.pack("good")["sandbox"]?["layers"]?.object
        }
        // Where the tests themselves run under such a filter, it is the same.
        var expected = try #require(elsewhere)
        expected["told"] = "missing"
        options.environment["PACK_SANDBOX"] = "standard"
        try RunningHost.with(options) { host throws in
            let sandbox = try host.pack("good")["sandbox"]
            #expect(sandbox?["layers"]?.object == expected, "\(sandbox ?? "")")
            let remark = sandbox?["remarks"]?["told"]?.string ?? ""
            #expect(remark.contains("Device or resource busy") && remark.contains("EPERM"), "\(remark)")
            #expect(try host.toolhost(["status"]).output.contains("good: sandbox: told missing, "))
            #expect(host.logSays("this system does not let the host hear what packs are refused", "told missing"))
            #expect(try host.call("show_config").status == 200)
        }
    }

    @Test("So does a look at a pack")
    func inspection() throws {
        let scratch = try Scratch()
        let options = HostOptions(packs: ["good"], isolation: .process)
        try options.stage(in: scratch)
        let told = try run(
            "\(try Setup.fixtures)/filter_listener", [Setup.executable, "inspect", "plugins.d/good.so"],
            environment: options.environment(in: scratch), directory: scratch.path)
        #expect(told.output.contains("told missing (nobody can listen to the filter"), "\(told)")
    }
}
