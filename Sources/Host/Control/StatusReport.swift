// What `toolhost status` prints: every host that lives, or the one that was named.

import HostBase
import JSON

/// The answers of hosts.
public struct StatusReport {
    private struct Asked {
        var number: Int
        var answer: Result<JSONValue, ControlFault>
    }

    private let hosts: [Asked]

    /// Asks the hosts of a state folder. Blocks.
    ///
    /// - Parameter host: one of them alone.
    /// - Throws: `ControlFault` where there is none.
    public init(stateFolder: String, host: Int?) throws(ControlFault) {
        hosts = try LivingHost.chosen(in: stateFolder, named: host, isForOne: false).map { host in
            do throws(ControlFault) {
                let answer = try ControlClient.ask(["command": "status"], of: host)
                return Asked(number: host.number, answer: .success(answer))
            } catch {
                return Asked(number: host.number, answer: .failure(error))
            }
        }
    }

    /// Whether some host does not answer.
    public var hasProblems: Bool {
        hosts.contains { host in
            if case .failure = host.answer { true } else { false }
        }
    }

    /// For people.
    public var text: String {
        hosts.map { host in
            switch host.answer {
            case .success(let answer): StatusText(answer).lines.joined(separator: "\n")
            case .failure(let fault): TerminalText.shown(fault.description)
            }
        }.joined(separator: "\n\n")
    }

    /// For programs: an array, whatever there is of hosts.
    public var json: String {
        let answers = hosts.map { host -> JSONValue in
            switch host.answer {
            case .success(let answer): answer
            case .failure(let fault): ["host": ["number": JSONValue(host.number)], "error": .string(fault.description)]
            }
        }
        return String(decoding: JSONValue.object(["hosts": .array(answers)]).bytes(pretty: true), as: UTF8.self)
    }
}
