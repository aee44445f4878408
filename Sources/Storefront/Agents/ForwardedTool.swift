// The tool that stands in for any of the shop's tools where an agent does its work.

import JSON
import ToolSDK

/// Sends a tool's arguments to an agent and makes the tool's answer of what comes back. Both go through the schemas of
/// the tool itself, which is all that a pack has to write.
package struct ForwardedTool<Stated: ToolDefinition>: Tool {
    package static var name: String { Stated.name }
    package static var title: String { Stated.title }
    package static var summary: String { Stated.summary }
    package static var hints: Hints { Stated.hints }
    package static var input: Schema<Stated.Input> { Stated.input }
    package static var output: Schema<Stated.Output> { Stated.output }

    private let agents: AgentsAPI
    private let action: AgentAction
    private let answer: AgentAnswer

    package init(_ action: AgentAction, of agents: AgentsAPI) {
        self.agents = agents
        self.action = action
        answer = AgentAnswer(output: Stated.output.jsonSchema(for: .output))
    }

    package func call(_ input: Stated.Input, context: CallContext) async throws -> Stated.Output {
        let arguments = try JSONValue(parsing: Stated.input.encode(input)).object ?? JSONObject()
        let request = agents.request(action, arguments, conversation: context.conversationID)
        let stake = Stake(of: Self.hints, idempotencyKey: context.idempotencyKey)
        let response: HTTPResponse
        do {
            response = try await context.http.send(request)
        } catch let error as ToolError {
            throw report(AgentProblem(noAnswer: error, stake), nil, context)
        }
        guard (200...299).contains(response.status) else {
            throw report(AgentProblem(status: response, stake), response.status, context)
        }
        do {
            let parts = try answer.read(response.body)
            return try Stated.output.decode(.object(parts))
        } catch let refusal as AgentAnswer.Refusal {
            throw report(AgentProblem(answer: refusal, of: response, stake), response.status, context)
        }
    }

    /// Tells the operator, never with a word of what was said: answers belong to the customer.
    private func report(_ problem: AgentProblem, _ status: Int?, _ context: CallContext) -> ToolError {
        if let line = problem.line {
            var metadata = ["agent": action.agent, "action": action.name]
            metadata["status"] = status.map(String.init)
            context.log(line.level, line.message, metadata: metadata)
        }
        return problem.error
    }
}
