// What became of asking an authenticator.

import NIOCore
import Synchronization

@testable import HostAuth
@testable import HostCaller

/// An outcome, now or later.
final class Asked: Sendable {
    private let seen = Mutex<AuthenticationOutcome?>(nil)

    init(_ outcome: AuthenticationOutcome) {
        if case .pending(let future) = outcome {
            future.whenSuccess { outcome in self.seen.withLock { $0 = outcome } }
        } else {
            seen.withLock { $0 = outcome }
        }
    }

    var isPending: Bool { seen.withLock { $0 == nil } }
    var principal: Principal? {
        if case .accepted(let principal)? = seen.withLock({ $0 }) { principal } else { nil }
    }
    var failure: AuthenticationFailure? {
        if case .refused(let failure)? = seen.withLock({ $0 }) { failure } else { nil }
    }
}
