// The table of what clients refuse or misread: the one place that knows them, behind commands, log and documents.

import HostDocuments

/// Every known quirk, each with public pages that show it. `docs/clients.md` is made from this.
enum ClientQuirks {
    static let all: [ClientQuirk] = schemas + names + texts + numbers + mended + refused

    /// The quirks that the host can only tell of.
    static let told = all.filter { $0.handling == .told }

    /// Quirks about schemas, in the order of harm.
    private static let schemas: [ClientQuirk] = [
        ClientQuirk(
            id: "pattern-property", clients: "OpenAI functions, Vertex AI",
            problem: "`\\p{…}` in a pattern of the input",
            remedy: "list the characters in a class, or leave the pattern out and check in the pack",
            harm: .everyTool, handling: .told,
            sources: [
                "https://github.com/langfuse/langfuse/issues/14770", "https://github.com/BerriAI/litellm/pull/40485",
            ],
            check: .tool(SchemaQuirks.unicodeProperties)),
        ClientQuirk(
            id: "root-union", clients: "Anthropic API, OpenAI functions",
            problem: "`anyOf`, `oneOf`, `allOf`, `not` or `enum` at the root of the input",
            remedy: "put the alternatives into a property, or make all members optional and check in the pack",
            harm: .everyTool, handling: .told,
            sources: [
                "https://github.com/langchain-ai/langchain/issues/39271",
                "https://github.com/langchain-ai/langchainjs/issues/9804",
            ],
            check: .tool(SchemaQuirks.unionsAtTheRoot)),
        ClientQuirk(
            id: "property-name", clients: "Anthropic API",
            problem: "a member of the arguments whose name is not 1 to 64 of `A-Z a-z 0-9 _ . -`",
            remedy: "rename the member",
            harm: .everyTool, handling: .told,
            sources: [
                "https://github.com/n8n-io/n8n/issues/30590", "https://github.com/ComposioHQ/composio/issues/3500",
            ],
            check: .tool(SchemaQuirks.propertyNames)),
        ClientQuirk(
            id: "items-type-list", clients: "Gemini",
            problem: "`items` with a list of types, such as `[\"object\", \"null\"]`",
            remedy: "give the elements one type",
            harm: .everyTool, handling: .told,
            sources: ["https://github.com/github/copilot-cli/issues/4623"],
            check: .tool(SchemaQuirks.typeListsOfItems)),
        ClientQuirk(
            id: "input-reference", clients: "Claude managed agents, Gemini",
            problem: "`$ref` in the input",
            remedy: "write the schema where it is used",
            harm: .everyTool, handling: .told,
            sources: [
                "https://platform.claude.com/docs/en/managed-agents/self-hosted-sandboxes",
                "https://github.com/anomalyco/opencode/pull/14234",
            ],
            check: .tool(SchemaQuirks.references)),
        ClientQuirk(
            id: "schema-size", clients: "OpenAI functions in strict mode",
            problem:
                "an input with objects more than 10 deep, 5000 properties, 1000 values of `enum`, or 120000 characters of "
                + "names and such values",
            remedy: "split the tool, or take part of the input as a string",
            harm: .everyTool, handling: .told,
            sources: ["https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas"],
            check: .tool(SchemaQuirks.size)),
        ClientQuirk(
            id: "default-misfit", clients: "openapi-python-client",
            problem: "a `default` that the schema beside it refuses",
            remedy: "state a default that fits, or none",
            harm: .thisTool, handling: .told,
            sources: [
                "https://github.com/openapi-generators/openapi-python-client/issues/1376",
                "https://json-schema.org/draft/2020-12/json-schema-validation#section-9.2",
            ],
            check: .tool(SchemaQuirks.defaults)),
        ClientQuirk(
            id: "example-misfit", clients: "models",
            problem: "one of the `examples` that the schema beside it refuses",
            remedy: "state examples that fit: calls that follow this one are refused",
            harm: .misread, handling: .told,
            sources: [
                "https://json-schema.org/draft/2020-12/json-schema-validation#section-9.5",
                "https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools",
            ],
            check: .tool(SchemaQuirks.examples)),
        ClientQuirk(
            id: "nullable", clients: "everything that reads JSON Schema 2020-12",
            problem: "`nullable`, a keyword of OpenAPI 3.0, which is ignored: null is refused",
            remedy: "leave the member out of required, or add \"null\" to its type",
            harm: .misread, handling: .told,
            sources: [
                "https://www.openapis.org/blog/2021/02/16/migrating-from-openapi-3-0-to-3-1-0",
                "https://github.com/tadata-org/fastapi_mcp/issues/218",
            ],
            check: .tool(SchemaQuirks.nullable)),
        ClientQuirk(
            id: "dependencies", clients: "everything that reads JSON Schema 2020-12",
            problem: "`dependencies`, a keyword of draft-07, which is ignored",
            remedy: "write dependentRequired or dependentSchemas",
            harm: .misread, handling: .told,
            sources: ["https://json-schema.org/draft/2019-09/release-notes"],
            check: .tool(SchemaQuirks.dependencies)),
    ]

    private static let names: [ClientQuirk] = [
        ClientQuirk(
            id: "name-digit", clients: "Gemini", problem: "a name that begins with a digit",
            remedy: "begin the name with a letter",
            harm: .everyTool, handling: .told,
            sources: [
                "https://github.com/google-gemini/gemini-cli/issues/2966",
                "https://github.com/kaitranntt/ccs/issues/25",
            ],
            check: .tool(TextQuirks.digitFirst)),
        ClientQuirk(
            id: "name-length", clients: "Cursor",
            problem: "a name of more than \(TextQuirks.nameLength) characters: with the server's name there may be 60",
            remedy: "shorten the name",
            harm: .thisTool, handling: .told,
            sources: [
                "https://github.com/ComposioHQ/composio/issues/2788", "https://github.com/PostHog/posthog/pull/51483",
            ],
            check: .tool(TextQuirks.longName)),
    ]

    private static let texts: [ClientQuirk] = [
        ClientQuirk(
            id: "text-length", clients: "OpenAI functions",
            problem: "a description, with the summary before it, of more than \(TextQuirks.textLength) characters",
            remedy: "shorten it, or move what is about one member into that member's description",
            harm: .everyTool, handling: .told,
            sources: [
                "https://github.com/modelcontextprotocol/servers/issues/799",
                "https://github.com/getsentry/sentry-mcp/issues/106",
            ],
            check: .tool(TextQuirks.longText)),
        ClientQuirk(
            id: "text-short", clients: "models", problem: "fewer than three words in all about what the tool does",
            remedy: "say what it does, when to use it, and what it returns",
            harm: .misread, handling: .told, sources: Self.aboutTexts,
            check: .tool(TextQuirks.shortText)),
        ClientQuirk(
            id: "text-name-only", clients: "models", problem: "a text that only repeats the name or the title",
            remedy: "say what it does, when to use it, and what it returns",
            harm: .misread, handling: .told, sources: Self.aboutTexts,
            check: .tool(TextQuirks.repeatedName)),
        ClientQuirk(
            id: "text-refers", clients: "models",
            problem: "a text that stands for another one, such as `Same as above` or `TODO`",
            remedy: "write it out: models read each tool by itself",
            harm: .misread, handling: .told, sources: Self.aboutTexts,
            check: .tool(TextQuirks.referringText)),
        ClientQuirk(
            id: "text-lower-case", clients: "models",
            problem: "a summary or description that begins in lower case, as if it went on from another text",
            remedy: "write whole sentences: some clients show only one of the two",
            harm: .misread, handling: .told, sources: Self.aboutTexts,
            check: .tool(TextQuirks.lowerCase)),
    ]

    private static let aboutTexts = [
        "https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools",
        "https://www.anthropic.com/engineering/writing-tools-for-agents",
    ]

    private static let numbers: [ClientQuirk] = [
        ClientQuirk(
            id: "tools-128", clients: "OpenAI API, GitHub Copilot", problem: "more than 128 tools",
            remedy: "disable tools (TOOLS_ENABLED, TOOLS_DISABLED), or give clients scopes that show them fewer",
            harm: .everyTool, handling: .told,
            sources: [
                "https://github.com/zed-industries/zed/issues/32946",
                "https://github.com/microsoft/vscode-copilot-release/issues/13065",
            ],
            check: .deployment { NumberQuirks.more(than: 128, $0) }),
        ClientQuirk(
            id: "tools-30", clients: "GPT Actions",
            problem: "more than \(OpenAILimits.operations) operations in one document",
            remedy: "import the document in parts, with ?pack= or ?tag=, or disable tools",
            harm: .everyTool, handling: .told, sources: ["https://github.com/robocorp/robocorp/issues/250"],
            check: .deployment { NumberQuirks.more(than: OpenAILimits.operations, $0) }),
        ClientQuirk(
            id: "tools-40", clients: "Cursor (later versions: 80)",
            problem: "more than 40 tools, of which the model sees the first",
            remedy: "disable tools, or give clients scopes that show them fewer",
            harm: .thisTool, handling: .told,
            sources: [
                "https://github.com/bun913/mcp-testrail/issues/6", "https://github.com/Snowflake-Labs/mcp/issues/77",
            ],
            check: .deployment { NumberQuirks.more(than: 40, $0) }),
    ]
}
