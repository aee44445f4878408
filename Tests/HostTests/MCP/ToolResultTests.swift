// What a client gets of a tool's answer, and of its failure.

import JSON
import JSONSchema
import NIOHTTP1
import Testing

@testable import HostCalls
@testable import HostDocuments
@testable import HostHTTP
@testable import HostMCP

@Suite struct ToolResultTests {
    private func result(_ era: ProtocolVersion.Era) -> ToolResult {
        let info: JSONValue = ["name": "shop", "version": "1"]
        return ToolResult(era: era, serverMeta: JSONValue([MetaKey.serverInfo: info]).bytes(), serverInfo: info)
    }

    private func success(_ content: String, _ era: ProtocolVersion.Era) throws -> JSONValue {
        try JSONValue(parsing: result(era).success(ResultText(copying: content.utf8.span), id: .integer(3)).bytes)
    }

    @Test(arguments: [ProtocolVersion.Era.modern, .legacy])
    func aResultIsThereAsStructureAndAsText(era: ProtocolVersion.Era) throws {
        let content = "{\"text\": \"a \\\"b\\\" \\n \u{1F95B}\",\n \"n\": 1.50}"
        let response = try success(content, era)
        #expect(response["jsonrpc"] == "2.0")
        #expect(response["id"] == 3)
        let result = try #require(response["result"])
        #expect(result["content"]?.array?.count == 1)
        #expect(result["content"]?[0]?["type"] == "text")
        #expect(result["content"]?[0]?["text"] == .string(content))
        #expect(result["structuredContent"] == (try JSONValue(parsing: content)))
        #expect(result["isError"] == nil)
        #expect(result["resultType"] == (era == .modern ? "complete" : nil))
        #expect((result["_meta"]?[MetaKey.serverInfo] != nil) == (era == .modern))
    }

    @Test(arguments: [("[1]", false), ("\"a\"", false), ("null", false), (" \n{}", true)])
    func beforeTheModernEraStructureIsAnObject(content: String, isThere: Bool) throws {
        #expect(try success(content, .modern)["result"]?.object?.keys.contains("structuredContent") == true)
        #expect(try success(content, .legacy)["result"]?.object?.keys.contains("structuredContent") == isThere)
    }

    private var problem: Problem {
        var problem = Problem(
            .unprocessableEntity, "invalid_arguments", "They do not fit: /a: too long; /b: no number.")
        problem.violations = [
            SchemaViolation(instancePointer: "/a", schemaPointer: "", keyword: "maxLength", message: "too long"),
            SchemaViolation(instancePointer: "/b", schemaPointer: "", keyword: "type", message: "no number"),
        ]
        problem.details = Array(#"{"hint":"shorter"}"#.utf8)
        problem.headers = [("retry-after", "2")]
        return problem
    }

    @Test(arguments: [ProtocolVersion.Era.modern, .legacy])
    func aFailureIsAResultThatAModelCanActOn(era: ProtocolVersion.Era) throws {
        let response = try JSONValue(
            parsing: result(era).failure(problem, id: .string("x"), requestID: "r-1", challenge: "Bearer a=\"b\""))
        let result = try #require(response["result"])
        #expect(result["isError"] == true)
        #expect(result["structuredContent"] == nil)
        #expect(
            result["content"]?[0]?["text"]
                == "They do not fit: /a: too long; /b: no number.\n{\"hint\":\"shorter\"}\nTry again in 2 s.")
        let told = result["_meta"]?[MetaKey.problem]
        #expect(told?["code"] == "invalid_arguments")
        #expect(told?["request_id"] == "r-1")
        #expect(told?["errors"]?.array?.count == 2)
        #expect(told?["details"] == ["hint": "shorter"])
        #expect(result["_meta"]?[MetaKey.authenticate] == ["Bearer a=\"b\""])
        #expect(result["resultType"] == (era == .modern ? "complete" : nil))
    }

    @Test func responsesOfABatchComeTogether() throws {
        let one = RPCEnvelope.response(id: .integer(1), result: RPCEnvelope.emptyResult)
        let two = RPCEnvelope.response(id: .string("b"), result: Array(#"{"a":[1]}"#.utf8))
        #expect(
            try JSONValue(parsing: RPCEnvelope.batch([one, two])) == [
                ["jsonrpc": "2.0", "id": 1, "result": [:]], ["jsonrpc": "2.0", "id": "b", "result": ["a": [1]]],
            ])
    }
}
