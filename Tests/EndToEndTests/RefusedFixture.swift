// The fixtures that no host may serve.

import Testing

/// A fixture and words that its refusal must contain.
struct RefusedFixture: Sendable, CustomTestStringConvertible {
    let name: String
    let words: [String]
    var testDescription: String { name }

    init(_ name: String, _ words: String...) {
        self.name = name
        self.words = words
    }

    /// All of them behind one good pack, whose name comes first, and before another one.
    static var everything: [PackSource] {
        [.fixture("good", as: "a_good")] + all.map { .fixture($0.name, as: "b_" + $0.name) }
            + [.fixture("newer_minor", as: "c_newer_minor")]
    }

    static let all = [
        RefusedFixture("not_elf", "ELF"),
        RefusedFixture("empty", "ELF"),
        RefusedFixture("truncated"),
        RefusedFixture("other_machine", "machine"),
        RefusedFixture("other_class", "64"),
        RefusedFixture("not_shared", "shared object"),
        RefusedFixture("unresolved", "nowhere_to_be_found"),
        RefusedFixture("no_entry", "tool_pack_entry_v1"),
        RefusedFixture("null_entry"),
        RefusedFixture("wrong_major", "2"),
        RefusedFixture("minor_required", "1.99", "1.0"),
        RefusedFixture("crash_entry", "crash"),
        RefusedFixture("crash_constructor", "crash"),
        RefusedFixture("wild_pointer", "crash"),
        RefusedFixture("hang_entry"),
        RefusedFixture("hang_start", "start"),
        RefusedFixture("fail_start", "the warehouse does not answer"),
        RefusedFixture("duplicate_id", "good"),
        RefusedFixture("duplicate_tool", "echo"),
        RefusedFixture("invalid_name_characters", "name"),
        RefusedFixture("invalid_name_long", "64"),
        RefusedFixture("invalid_name_empty", "name"),
        RefusedFixture("invalid_hint_missing", "TOOL_OPEN_WORLD", "TOOL_CLOSED"),
        RefusedFixture("invalid_hint_both", "TOOL_DESTRUCTIVE", "TOOL_ADDITIVE"),
        RefusedFixture("invalid_flag_unknown", "flags"),
        RefusedFixture("invalid_summary_long", "summary", "300"),
        RefusedFixture("invalid_summary_empty", "summary"),
        RefusedFixture("invalid_schema_not_json", "input_schema"),
        RefusedFixture("invalid_schema_keyword", "input_schema", "required"),
        RefusedFixture("invalid_schema_root", "input_schema", "object"),
        RefusedFixture("invalid_schema_backreference", "input_schema", "pattern"),
        RefusedFixture("invalid_schema_dangling", "input_schema", "nowhere"),
        RefusedFixture("invalid_schema_remote", "input_schema", "example.com"),
        RefusedFixture("invalid_string_null", "title"),
        RefusedFixture("invalid_string_not_utf8", "summary", "UTF-8"),
        RefusedFixture("invalid_string_huge", "description"),
        RefusedFixture("invalid_output_schema", "output_schema"),
        RefusedFixture("invalid_descriptor_small", "struct_size"),
        RefusedFixture("invalid_meta_array", "meta"),
        RefusedFixture("invalid_scopes_null", "scopes"),
        RefusedFixture("invalid_twice", "broken"),
        RefusedFixture("invalid_tool_null"),
        RefusedFixture("invalid_tools_huge", "tool_count"),
        RefusedFixture("invalid_tools_null", "tools"),
        RefusedFixture("invalid_pack_small", "struct_size"),
        RefusedFixture("invalid_id_characters", "id"),
        RefusedFixture("invalid_id_empty", "id"),
        RefusedFixture("invalid_config_schema", "config_schema"),
        RefusedFixture("invalid_invoke_null", "invoke"),
        RefusedFixture("invalid_header_number", "x-mcp-header"),
        RefusedFixture("invalid_header_token", "x-mcp-header"),
        RefusedFixture("invalid_header_empty", "x-mcp-header"),
        RefusedFixture("invalid_header_no_text", "x-mcp-header"),
        RefusedFixture("invalid_header_twice", "x-mcp-header"),
        RefusedFixture("invalid_header_items", "x-mcp-header"),
        RefusedFixture("invalid_header_choice", "x-mcp-header"),
        RefusedFixture("invalid_header_untyped", "x-mcp-header"),
        RefusedFixture("invalid_header_root", "x-mcp-header"),
    ]
}
