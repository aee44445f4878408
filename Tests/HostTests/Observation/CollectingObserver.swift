// Keeps what is reported of calls.

import Dispatch
import Synchronization

@testable import HostObservation

final class CollectingObserver: CallObserver {
    private let arrivals = DispatchSemaphore(value: 0)
    private let reports = Mutex<[CallReport]>([])

    func ended(_ call: CallReport) {
        reports.withLock { $0.append(call) }
        arrivals.signal()
    }

    /// Waits for so many reports, and takes all that are there by then.
    func take(_ count: Int) -> [CallReport] {
        for _ in 0..<count where arrivals.wait(timeout: .now() + 20) == .timedOut { break }
        return reports.withLock { reports in
            defer { reports = [] }
            return reports
        }
    }
}
