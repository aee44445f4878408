// The part of the table that nobody needs to be warned of: what the host mends when it publishes, and what it refuses.

import HostDocuments

extension ClientQuirks {
    static let mended: [ClientQuirk] = [
        ClientQuirk(
            id: "boolean-schema",
            clients: "openapi-python-client, FastMCP, OpenCode, Gemini in GitHub Copilot, Google ADK",
            problem: "`true` or `false` as a schema, anywhere but under `additionalProperties`",
            remedy: "write {} or {\"not\": {}}",
            harm: .everyTool, handling: .mended("published as `{}` and `{\"not\": {}}`"),
            sources: [
                "https://github.com/anomalyco/opencode/issues/49464",
                "https://github.com/mike-oakley/openapi-pydantic/issues/35",
                "https://github.com/github/copilot-cli/issues/4623",
            ],
            check: .tool(SchemaQuirks.booleans)),
        ClientQuirk(
            id: "object-properties", clients: "OpenAI functions", problem: "an object without `properties`",
            remedy: "write \"properties\": {}",
            harm: .everyTool, handling: .mended("published with `\"properties\": {}`"),
            sources: [
                "https://github.com/openai/openai-agents-python/issues/449",
                "https://github.com/inboxapi/cli/issues/106",
            ],
            check: .tool(SchemaQuirks.objectsWithoutProperties)),
        ClientQuirk(
            id: "array-items", clients: "OpenAI functions, GitHub Copilot", problem: "an array without `items`",
            remedy: "write \"items\": {}, or what the elements are",
            harm: .everyTool,
            handling: .mended("published with `\"items\": {}`, unless the schema says `unevaluatedItems`"),
            sources: [
                "https://github.com/ogx-ai/ogx/pull/3602", "https://github.com/agentscope-ai/ReMe/issues/84",
            ],
            check: .tool(SchemaQuirks.arraysWithoutItems)),
        ClientQuirk(
            id: "schema-dialect", clients: "Claude (desktop and Cowork), Vertex AI, OpenAI functions",
            problem: "`$schema`, of an older draft or at all",
            remedy: "leave $schema out: MCP and OpenAPI 3.1 mean 2020-12",
            harm: .everyTool,
            handling: .mended("left out; a schema of an older draft is only taken where it means the same in 2020-12"),
            sources: [
                "https://github.com/perplexityai/modelcontextprotocol/issues/132",
                "https://github.com/modelcontextprotocol/typescript-sdk/issues/745",
                "https://github.com/promptfoo/promptfoo/pull/5965",
            ],
            check: .tool(SchemaQuirks.dialects)),
        ClientQuirk(
            id: "actions-description", clients: "GPT Actions",
            problem: "a description of more than \(OpenAILimits.operationText) characters",
            remedy: "shorten it",
            harm: .everyTool, handling: .mended("the OpenAPI document has the summary and the paragraphs that fit"),
            sources: ["https://github.com/robocorp/robocorp/issues/250"],
            check: .tool(TextQuirks.longForActions)),
    ]

    static let refused: [ClientQuirk] = [
        ClientQuirk(
            id: "pattern-lookaround", clients: "OpenAI functions, Anthropic API in strict mode",
            problem: "look-ahead or look-behind in a pattern",
            remedy: "write what may stand there instead, or check in the pack",
            harm: .everyTool, handling: .refused("it cannot be matched in linear time"),
            sources: [
                "https://github.com/vercel/ai/pull/21037", "https://github.com/Dokploy/mcp/issues/45",
            ],
            check: .tool(SchemaQuirks.lookaround)),
        ClientQuirk(
            id: "name-characters", clients: "Gemini, OpenAI functions, importers of OpenAPI",
            problem: "a name that is not 1 to 64 letters, digits, underscores and, for some, hyphens",
            remedy: "rename the tool",
            harm: .everyTool,
            handling: .refused("names are 1 to 64 letters, digits and underscores, which all of them take"),
            sources: [
                "https://github.com/kaitranntt/ccs/issues/25",
                "https://github.com/microsoft/foundry-dev-tools/issues/201",
            ],
            check: .tool(TextQuirks.nameCharacters)),
        ClientQuirk(
            id: "actions-texts", clients: "GPT Actions",
            problem:
                "a summary of more than \(OpenAILimits.operationText) characters, or a description of a member of more than "
                + "\(OpenAILimits.parameterText)",
            remedy: "shorten it; the description may be longer than the summary",
            harm: .everyTool, handling: .refused("the whole document would be refused later"),
            sources: [
                "https://github.com/robocorp/robocorp/issues/250", "https://github.com/kovartravis/tripkit/issues/12",
            ],
            check: .tool(TextQuirks.actionsTexts)),
    ]
}
