// Which host a command is for, and what is said where that is not clear.

import Glibc
import Testing

@testable import HostBase
@testable import HostControl

@Suite struct HostChoiceTests {
    private static let place = "/state/hosts"

    @Test(
        arguments: [([1], nil, [1]), ([3], 3, [3]), ([1, 2], nil, [1, 2]), ([1, 2], 2, [2])]
            as [([Int], Int?, [Int])])
    func statusShowsAllOrTheOneThatIsNamed(living: [Int], named: Int?, chosen: [Int]) throws {
        #expect(try HostChoice(living: living, named: named, place: Self.place).all() == chosen)
    }

    @Test(arguments: [([1], nil, 1), ([3], 3, 3), ([1, 2], 2, 2)] as [([Int], Int?, Int)])
    func otherCommandsAreForOne(living: [Int], named: Int?, chosen: Int) throws {
        #expect(try HostChoice(living: living, named: named, place: Self.place).one() == chosen)
    }

    @Test(
        arguments: [
            ([], nil, .absent, ["no host is running", place, "STATE_DIR"]),
            ([], 1, .absent, ["no host is running"]),
            ([1, 2], 3, .usage, ["no host 3", "1, 2"]),
            ([1, 4], nil, .usage, ["several hosts", "--host N", "1, 4"]),
        ] as [([Int], Int?, ControlFault.Code, [String])])
    func elseItIsTold(living: [Int], named: Int?, code: ControlFault.Code, words: [String]) {
        let fault = #expect(throws: ControlFault.self) {
            try HostChoice(living: living, named: named, place: Self.place).one()
        }
        #expect(fault?.code == code)
        for word in words { #expect(fault?.description.contains(word) == true, "\(fault?.description ?? "")") }
    }

    @Test func whereNobodyMayLookThatIsSaid() {
        let fault = #expect(throws: ControlFault.self) {
            _ = try LivingHost.chosen(in: "/dev/null", named: nil, isForOne: false)
        }
        #expect(fault?.code == .absent)
        #expect(fault?.description.contains("/dev/null/hosts: Not a directory") == true)
    }

    @Test(arguments: [(0, 1000, true), (1000, 1000, true), (1001, 1000, false), (1000, 0, false), (65534, 1000, false)])
    func rootAndTheHostsUserMayAsk(user: UInt32, own: UInt32, may: Bool) {
        #expect(ControlSocket.mayAsk(user, own: own) == may)
    }

    @Test func aPathThatIsTooLongIsOneByTheOpenFolder() {
        let fits = String(repeating: "x", count: SocketPath.longest - SocketPath.name.utf8.count - 1)
        #expect(SocketPath(folder: fits, descriptor: 7).text == "\(fits)/control.sock")
        #expect(SocketPath(folder: fits + "x", descriptor: 7).text == "/proc/self/fd/7/control.sock")
        #expect(SocketPath(folder: String(repeating: "ä", count: 60), descriptor: 7).text.hasPrefix("/proc/"))
    }
}
