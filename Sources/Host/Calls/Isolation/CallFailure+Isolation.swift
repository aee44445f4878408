// What callers are told whose pack's process is gone. Each text is read by itself, by people and by models who do what
// it says: of trying again it speaks where that can do nothing twice, and nowhere else.

import HostBase
import HostSandbox
import HostTools
import NIOCore

extension CallFailure {
    /// The process ended while the call was on its way.
    ///
    /// - Parameters:
    ///   - hints: the tool's.
    ///   - isKeyed: whether the call has an idempotency key.
    public static func packCrashed(_ hints: ToolHints, isKeyed: Bool) -> CallFailure {
        inTheMiddle(.packCrashed, "The process of this tool's pack ended in the middle of this call.", hints, isKeyed)
    }

    /// The process was ended for what it used up while the call was on its way.
    ///
    /// - Parameters:
    ///   - overrun: what it had more of than it may.
    ///   - hints: the tool's.
    ///   - isKeyed: whether the call has an idempotency key.
    public static func packOverLimit(_ overrun: PackOverrun, _ hints: ToolHints, isKeyed: Bool) -> CallFailure {
        let (what, bound) =
            switch overrun.limit {
            case .memory: ("memory", ByteCount(overrun.bound).text)
            case .threads: ("threads", "\(overrun.bound)")
            case .watches: ("of the system's room for watched descriptors", "\(overrun.bound) of them watched")
            }
        let (property, key) = overrun.limit.names
        return inTheMiddle(
            .packOverLimit,
            "The process of this tool's pack took more \(what) than it may, and was ended in the middle of this call. It "
                + "may have \(bound); its operator raises that by `\(property):` in "
                + "\(overrun.policyFile), or \(key).",
            hints, isKeyed)
    }

    private static func inTheMiddle(
        _ status: ToolStatus, _ event: String, _ hints: ToolHints, _ isKeyed: Bool
    ) -> CallFailure {
        let wayOut =
            if hints.isReadOnly {
                "Nothing was changed, since this tool only reads: call again."
            } else if isKeyed {
                "Whether it was done is not known: repeat the same call with the same Idempotency-Key, never without "
                    + "it."
            } else if hints.isIdempotent {
                "Whether it was done is not known. The same call with the same arguments can be repeated: where it was "
                    + "done, that changes nothing more."
            } else {
                "Whether it was done is not known: look before asking again."
            }
        return CallFailure(
            status: status, message: "\(event) \(wayOut)",
            mayBeRepeated: hints.isReadOnly || isKeyed || hints.isIdempotent)
    }

    /// - Parameter time: until the next start is due.
    public static func packRestarting(retryAfter time: TimeAmount) -> CallFailure {
        CallFailure(
            status: .packRestarting,
            message: "This tool's pack is being restarted. Nothing was done.", retryAfter: time)
    }

    /// Whoever called can do nothing about it.
    public static let packFailed = CallFailure(
        status: .packFailed,
        message:
            "This tool's pack failed again and again and stays off until its operator, who has been told, restarts "
            + "it. Nothing was done, and calling again does not help before that.",
        mayBeRepeated: false)

    /// - Parameter time: until a call is let in.
    public static func toolQuarantined(retryAfter time: TimeAmount) -> CallFailure {
        CallFailure(
            status: .toolQuarantined,
            message:
                "This tool brought its pack down again and again and takes no calls for a while; its operator has been "
                + "told. Nothing was done.",
            retryAfter: time)
    }

    private init(status: ToolStatus, message: String, retryAfter time: TimeAmount) {
        self.init(
            status: status, message: message,
            retryAfterMilliseconds: UInt32(clamping: (time.nanoseconds + 999_999) / 1_000_000))
        self.message += " " + Self.advice(seconds: "\(retryAfterSeconds)")
    }
}
