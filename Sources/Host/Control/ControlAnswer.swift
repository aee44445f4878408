// An answer as a line: {"ok":…} or {"error":{"code":…,"message":…}}.

import HostBase
import JSON

/// What goes back over a control socket.
enum ControlAnswer {
    /// The most bytes of an answer with the end of its line.
    static let longest = 4 << 20

    /// One line. One that would be too long becomes a fault that says so.
    static func line(_ result: Result<JSONValue, ControlFault>) -> [UInt8] {
        let answer: JSONValue =
            switch result {
            case .success(let value): ["ok": value]
            case .failure(let fault):
                ["error": ["code": .string(fault.code.rawValue), "message": .string(fault.description)]]
            }
        let bytes = answer.bytes()
        guard bytes.count < longest else {
            let told = "the answer has \(bytes.count) bytes, and at most \(longest) are sent"
            return line(.failure(ControlFault(.tooLarge, told)))
        }
        return bytes + [UInt8(ascii: "\n")]
    }

    /// What a host has answered. Nothing of it is believed to be fit for a terminal.
    static func value(of line: [UInt8]) throws(ControlFault) -> JSONValue {
        let answer: JSONValue
        do {
            answer = try JSONValue(parsing: line)
        } catch {
            throw ControlFault(.absent, "what answers is no host: \(error)")
        }
        if let value = answer["ok"] { return value }
        guard let code = answer["error"]?["code"]?.string, let message = answer["error"]?["message"]?.string else {
            throw ControlFault(.absent, "what answers is no host: its answer has neither ok nor error")
        }
        throw ControlFault(ControlFault.Code(rawValue: code) ?? .refused, message)
    }
}
