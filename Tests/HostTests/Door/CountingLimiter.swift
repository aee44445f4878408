// A limiter that counts what it is asked, and says no where it is told to.

import NIOCore
import Synchronization

@testable import HostCaller
@testable import HostDoor

final class CountingLimiter: Limiter {
    enum Question: Sendable, Hashable {
        case address
        case caller
        case call(tool: String, pack: String)
    }

    /// What it says where it says no.
    static let notNow = NotNow(limit: "per-client", wait: .milliseconds(2500))

    private let denies: @Sendable (Question) -> Bool
    private let state = Mutex<[Question]>([])

    init(denies: @escaping @Sendable (Question) -> Bool = { _ in false }) { self.denies = denies }

    /// Everything that it was asked so far.
    var asked: [Question] { state.withLock { $0 } }

    func look(_ principal: Principal?, from address: String?) -> NotNow? {
        answer(principal == nil ? .address : .caller)
    }

    func take(_ principal: Principal, from address: String?, tool: String, pack: String) -> NotNow? {
        answer(.call(tool: tool, pack: pack))
    }

    private func answer(_ question: Question) -> NotNow? {
        state.withLock { $0.append(question) }
        return denies(question) ? Self.notNow : nil
    }
}
