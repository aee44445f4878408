// What a host can be asked over its control socket: a name, what goes with it, and who answers.

import HostBase
import JSON

/// One command. A list of them is all that a server knows.
public struct ControlCommand: Sendable {
    /// Given the members that go with the command. Runs on the server's one thread, so it must not wait for anything.
    public typealias Handler = @Sendable (_ members: [String: String]) throws(ControlFault) -> JSONValue

    let name: String
    /// The names of what goes with it: texts, all of which have to be there.
    let members: [String]
    let handler: Handler

    public init(_ name: String, with members: [String] = [], _ handler: @escaping Handler) {
        self.name = name
        self.members = members
        self.handler = handler
    }
}

extension ControlCommand {
    /// Reads a request, such as `{"command":"pack restart","pack":"cart"}`, finds its command and has it answered.
    ///
    /// - Parameter line: without its end.
    static func answer(to line: [UInt8], of commands: [ControlCommand]) throws(ControlFault) -> JSONValue {
        let request: JSONValue
        do {
            request = try JSONValue(parsing: line)
        } catch {
            throw ControlFault(.usage, "the request is no JSON: \(error); send one line such as \(example)")
        }
        guard var rest = request.object else {
            throw ControlFault(.usage, "the request is not an object; send one line such as \(example)")
        }
        let name = try text("command", in: rest)
        guard let command = commands.first(where: { $0.name.isSame(as: name) }) else {
            let known = commands.map(\.name).joined(separator: ", ")
            throw ControlFault(
                .usage, "command: there is none of the name \(ForeignText.quoted(name)); there are: \(known)")
        }
        rest["command"] = nil
        var members: [String: String] = [:]
        for member in command.members {
            members[member] = try text(member, in: rest)
            rest[member] = nil
        }
        if let stranger = rest.keys.first {
            let known = (["command"] + command.members).joined(separator: ", ")
            throw ControlFault(
                .usage, "\(ForeignText.plain(stranger)): the command \(name) has no such member; it has: \(known)")
        }
        return try command.handler(members)
    }

    private static func text(_ member: String, in request: JSONObject) throws(ControlFault) -> String {
        guard let value = request[member] else {
            throw ControlFault(.usage, "\(member) is missing; it is a text, as in \(example)")
        }
        guard let text = value.string else {
            throw ControlFault(.usage, "\(member) is not a text but \(value.kind); write it in quotation marks")
        }
        return text
    }

    private static let example = #"{"command":"status"}"#
}
