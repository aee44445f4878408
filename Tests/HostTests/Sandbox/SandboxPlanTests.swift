// What a pack's process is told before it loads the pack.

import Glibc
import HostBase
import JSON
import Testing

@testable import HostSandbox

@Suite struct SandboxPlanTests {
    private static var plan: SandboxPlan {
        var plan = SandboxPlan(level: .strict, network: .unix, file: "/state/packs/a \"b\".so")
        (plan.read, plan.write, plan.hidden) = (["/srv/a"], ["/srv/b", "/srv/ö"], ["/state"])
        (plan.allowsProcesses, plan.tellsRefusals, plan.isRequired) = (true, true, true)
        (plan.folder, plan.landlockLimit) = ("/state/data/a", 2)
        plan.limits = PackLimits(
            memory: 1 << 26, threads: nil, openFiles: 77, fileSize: 1 << 20, keepsCoreDumps: true)
        return plan
    }

    @Test func itGoesOverAPipe() throws {
        for plan in [Self.plan, SandboxPlan(level: .off, network: .any, file: "")] {
            let pair = try #require(DescriptorPair.outgoingPipe(handed: 0))
            let bytes = plan.frame + [1, 2, 3]
            #expect(unsafe write(pair.ours, bytes, bytes.count) == bytes.count)
            let received = SandboxPlan.receive(from: pair.theirs)
            #expect(received == plan)
            // What comes behind it is left.
            var rest = [UInt8](repeating: 0, count: 8)
            #expect(unsafe read(pair.theirs, &rest, 8) == 3)
        }
    }

    @Test func whatIsNoneIsNone() throws {
        for bytes in [[], [1, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0x7B], [2, 0, 0, 0, 0x7B, 0x7D]] as [[UInt8]] {
            let pair = try #require(DescriptorPair.outgoingPipe(handed: 0))
            #expect(unsafe write(pair.ours, bytes, bytes.count) == bytes.count)
            close(pair.takeOurs())
            #expect(SandboxPlan.receive(from: pair.theirs) == nil)
        }
        for member in Self.plan.json.object?.keys.map({ String($0) }) ?? [] where member != "folder" {
            var json = try #require(Self.plan.json.object)
            json[member] = nil
            #expect(SandboxPlan(json: .object(json)) == nil, "\(member)")
        }
    }

    /// NetworkManager's folder has passwords in it.
    @Test(arguments: [
        ("/run/systemd/resolve/stub-resolv.conf", ["/run/systemd/resolve"]),
        ("/run/resolvconf/resolv.conf", ["/run/resolvconf"]), ("/etc/resolv.conf", []),
        ("/run/NetworkManager/resolv.conf", []), ("/run/resolvconf-2/resolv.conf", []), ("/run/resolv.conf", []),
    ])
    func theFolderOfNameServersIsOpenedWhole(_ place: String, _ folders: [String]) {
        #expect(SystemPaths.folders(around: place) == folders)
    }

    @Test func strictReadsNothingOfTheHosts() {
        let paths = Confiner.paths(of: Self.plan).map(\.path)
        #expect(paths.contains("/usr") && paths.contains("/srv/ö") && paths.contains("/state/data/a"))
        #expect(!paths.contains("/") && !paths.contains("/etc") && !paths.contains("/dev") && !paths.contains("/state"))
    }
}
