// A tool in service: everything a call needs to know, looked up once.

import JSONSchema
import NIOCore
import ToolABI

/// One tool of a running pack, after the operator's policy.
///
/// `@unchecked Sendable`: the pointer is one that the pack published as immutable until the process ends.
@safe final class ServedTool: @unchecked Sendable {
    let descriptor: ToolDescriptor
    let inputSchema: CompiledSchema
    let outputSchema: CompiledSchema
    let pack: RunningPack
    let timeout: TimeAmount
    /// 0: no limit of its own.
    let maxConcurrency: Int
    /// In bytes.
    let maxResultBytes: Int
    /// `nil` when the tool never runs on the event loop.
    let inline: InlineJudge?
    /// What a refused `null` is for an optional argument.
    let nullArguments: Settings.NullPolicy
    let crashSubject: CrashSubject
    private let published: UnsafePointer<tool_descriptor>

    var name: String { descriptor.name }
    /// The very pointer that the pack published.
    var pointer: UnsafePointer<tool_descriptor> { unsafe published }

    /// - Parameter index: the tool's place in the pack's table.
    init?(_ checked: CheckedTool, index: Int, pack: RunningPack, policy: PackPolicy.Tool, limits: Settings.Tools) {
        guard let pointer = unsafe pack.pack.table.descriptor(at: index) else { return nil }
        unsafe published = pointer
        descriptor = checked.descriptor
        inputSchema = checked.inputSchema
        outputSchema = checked.outputSchema
        self.pack = pack
        let stated = TimeAmount.milliseconds(Int64(checked.timeoutMilliseconds))
        timeout = min(
            policy.timeout ?? (checked.timeoutMilliseconds > 0 ? stated : limits.timeout), Settings.longestTimeout)
        maxConcurrency = checked.maxConcurrency
        nullArguments = policy.nullArguments ?? limits.nullArguments
        maxResultBytes = checked.maxResultBytes > 0 ? checked.maxResultBytes : HostLink.defaultResultLimit
        let name = checked.descriptor.name
        let link = pack.link
        crashSubject = CrashSubject(
            pack: pack.id, tool: name, judge: InlineJudge { link.logSlowRelease(of: name) })
        // A limit on concurrency needs the gate, which an inline call passes by.
        inline =
            checked.claimsInline && policy.allowsInline && checked.maxConcurrency == 0
            ? InlineJudge { link.logDemotion(of: name) } : nil
    }
}
