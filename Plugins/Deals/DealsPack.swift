import ToolABI

@c(tool_pack_entry_v1)
public func packEntry() -> UnsafePointer<tool_pack>? { nil }
