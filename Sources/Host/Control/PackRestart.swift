// What `toolhost pack restart` has a host do.

import HostBase
import JSON

/// A pack of one host is started again.
public enum PackRestart {
    /// Asks the host of a state folder. Blocks until it has begun, and not until the pack runs.
    ///
    /// - Parameter host: its number where there are several.
    /// - Returns: what to tell the operator.
    /// - Throws: `ControlFault` with the host's words, or where there is not one host.
    public static func ask(_ pack: String, stateFolder: String, host: Int?) throws(ControlFault) -> String {
        let host = try LivingHost.chosen(in: stateFolder, named: host, isForOne: true)[0]
        let answer = try ControlClient.ask(["command": "pack restart", "pack": .string(pack)], of: host)
        return text(of: answer, pack, host: host.number)
    }

    /// What a host answers.
    ///
    /// - Parameters:
    ///   - calls: that its process has, whose ends are waited for.
    ///   - isUnderWay: whether it was being restarted already.
    public static func answer(_ pack: String, calls: Int, isUnderWay: Bool) -> JSONValue {
        ["pack": .string(pack), "open_calls": JSONValue(calls), "under_way": .bool(isUnderWay)]
    }

    static func text(of answer: JSONValue, _ pack: String, host: Int) -> String {
        let calls = answer["open_calls"]?.int64 ?? 0
        let what =
            if answer["under_way"] == true {
                "is being restarted already by host \(host)"
            } else if calls > 0 {
                "is started again by host \(host) once its \(calls == 1 ? "open call is" : "\(calls) open calls are") over"
            } else {
                "is started again by host \(host)"
            }
        return "the pack \(pack) \(what); toolhost status says when it runs"
    }
}
