// SIGTERM and SIGINT as something to wait for, caught from the first moment on.

import Dispatch
import Glibc
import NIOCore

/// Catches the signals that end the host. A signal that comes while the host starts is not lost: it stops at once after.
/// `@unchecked Sendable`: the sources are only kept alive here.
public final class StopSignal: @unchecked Sendable {
    private let signalled = DispatchSemaphore(value: 0)
    private let sources: [any DispatchSourceSignal]

    public init() {
        let signalled = signalled
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { signalled.signal() }
            source.resume()
            return source
        }
    }

    /// Blocks until the first signal.
    func wait() {
        signalled.wait()
    }

    /// Once more means at once; but a supervisor may send the first signal twice.
    func onSecond(_ body: @escaping @Sendable () -> Void) {
        let first = NIODeadline.now()
        DispatchQueue.global().async {
            repeat { self.signalled.wait() } while NIODeadline.now() - first < .seconds(1)
            body()
        }
    }
}
