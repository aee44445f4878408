// `tools/call` before it starts: whether there is such a tool, whether this caller may call it, and what the pack is
// given.

import HostCalls
import HostDocuments
import HostDoor
import HostHTTP
import HostObservation
import HostTools
import JSON
import NIOHTTP1

/// Why a call is not made.
enum CallObjection: Error {
    /// No tool has this name.
    case unknown(RPCError)
    /// The request makes no sense.
    case error(RPCError)
    /// This caller may not call this tool.
    case refused(Objection, ServedTool)
    /// The model may come again.
    case early(NotNow)
    /// The model chose arguments that do not fit; it may do better.
    case unfit(Problem, traceparent: String)

    /// What is reported of a call that ends so.
    var report: CallEnding {
        switch self {
        case .unknown: CallEnding(.unknown)
        case .error, .unfit: CallEnding(.unfit)
        case .refused(let objection, _): CallEnding(objection)
        case .early: CallEnding(.early)
        }
    }

    /// What the client sent to follow the call by, as far as it was read.
    var traceparent: String {
        if case .unfit(_, let traceparent) = self { traceparent } else { "" }
    }
}

/// A call that is allowed and whose arguments fit.
struct PreparedCall: Sendable {
    let tool: ServedTool
    let arguments: [UInt8]
    var context: CallDetails

    /// - Parameters:
    ///   - tool: the one of the name that is called; `nil` where there is none.
    ///   - inHead: whether the head speaks for this one call, as it cannot for a batch.
    init(
        _ demand: CallDemand, of tool: ServedTool?, _ question: Question, _ door: Door, inHead: Bool = true
    ) throws(CallObjection) {
        let request = question.request
        guard let tool else {
            let edition = request.edition
            let hint = edition.snapshot.question(about: demand.name, for: request.principal, under: edition.policy)
            throw .unknown(
                RPCError(
                    .invalidParams,
                    "Unknown tool: \(demand.name.prefix(64)). "
                        + (hint.isEmpty ? "tools/list names the tools there are." : hint)))
        }
        do {
            try door.admit(
                callOf: tool.name, in: tool.descriptor.packID, scopes: tool.descriptor.scopes, by: request.principal,
                from: question.turn.exchange.client, under: request.edition.policy)
        } catch {
            if case .notNow(let notNow) = error { throw .early(notNow) }
            throw .refused(error, tool)
        }
        self.tool = tool
        do {
            if question.era.row.headRepeatsArguments {
                for parameter in request.edition.catalogue.headerParameters(of: tool.name) {
                    try parameter.check(demand.arguments.node, request.fields.parameters)
                }
            }
            context = try Self.context(demand, request, inHead: inHead)
        } catch {
            throw .error(error)
        }
        do {
            arguments = try Self.arguments(demand, tool)
        } catch {
            throw .unfit(Problem(error), traceparent: context.traceparent)
        }
    }

    private static func arguments(
        _ demand: CallDemand, _ tool: ServedTool
    ) throws(CallPipeline.ArgumentsError) -> [UInt8] {
        switch demand.arguments {
        case .none:
            return try CallPipeline.check(CallPipeline.noArguments, for: tool)
        case .node(let node):
            return try CallPipeline.check(node, for: tool)
        case .text(let text, let fits):
            return fits ? text : try CallPipeline.check(text, for: tool)
        }
    }

    private static func context(
        _ demand: CallDemand, _ request: MCPRequest, inHead: Bool
    ) throws(RPCError) -> CallDetails {
        let fields = request.fields.common
        func text(_ field: String?, _ key: RequestMeta.Key) -> String? {
            CallFields.plainText(inHead ? field : nil) ?? CallFields.plainText(demand.meta?[key]?.string)
        }
        return CallDetails(
            requestID: request.id, principal: request.principal,
            ephemeralUser: text(fields.first(.ephemeralUser), .openAISubject),
            conversationID: text(fields.first(.conversationID), .openAISession) ?? "",
            idempotencyKey: try idempotencyKey(demand, inHead ? fields[.idempotencyKey] : []),
            traceparent: text(fields.first(.traceparent), .traceparent) ?? "",
            userToken: CallDetails.verifiedUserToken(fields[.userToken], of: request.principal))
    }

    /// From the head or from the message; both may name it when they agree.
    private static func idempotencyKey(_ demand: CallDemand, _ fields: [String]) throws(RPCError) -> String {
        let inMessage = demand.meta?[.idempotencyKey]
        if inMessage == nil, fields.isEmpty { return "" }
        var keys = fields
        if let node = inMessage {
            guard let key = node.string else {
                throw RPCError(.invalidParams, "\(MetaKey.idempotencyKey) must be a string.")
            }
            keys.append(key)
        }
        let read = keys.map { CallFields.idempotencyKey($0) }
        guard let first = read.first else { return "" }
        guard let key = first, !read.contains(nil) else {
            throw RPCError(
                .invalidParams,
                "Idempotency-Key, and \(MetaKey.idempotencyKey) in _meta, must be a string of 1 to 255 printable "
                    + "characters.")
        }
        guard read.allSatisfy({ $0 == key }) else {
            throw RPCError(
                .invalidParams,
                "Idempotency-Key and \(MetaKey.idempotencyKey) in _meta differ, and a call has one key: send one of "
                    + "them, or the same in both.")
        }
        return key
    }
}
