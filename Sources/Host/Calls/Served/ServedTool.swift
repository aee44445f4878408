// A tool in service: everything a call needs to know, looked up once.

import HostTools
import JSONSchema
import NIOCore

/// One tool of a running pack, after the operator's policy.
public final class ServedTool: Sendable {
    /// Its place in the pack's table, by which the pack's engine knows it.
    public let number: Int
    public let descriptor: ToolDescriptor
    public let inputSchema: CompiledSchema
    public let outputSchema: CompiledSchema
    /// Where its calls go.
    public let desk: PackDesk
    let timeout: TimeAmount
    /// 0: no limit of its own.
    let maxConcurrency: Int
    /// In bytes.
    public let maxResultBytes: Int
    /// `nil` when the tool never runs on the event loop.
    let inline: InlineJudge?
    /// It promises never to block, in a pack that runs elsewhere: its calls are over so soon that more of them may be
    /// there at once.
    public let isBrief: Bool
    /// What a refused `null` is for an optional argument.
    let nullArguments: CallSettings.NullPolicy

    public var name: String { descriptor.name }

    /// - Parameters:
    ///   - timeout: in place of what the tool states.
    ///   - allowsInline: whether its promise never to block counts.
    ///   - nullArguments: in place of what holds for all tools.
    ///   - limits: what holds where nobody says anything else.
    public init(
        _ checked: CheckedTool, number: Int, desk: PackDesk, timeout: TimeAmount? = nil, allowsInline: Bool = true,
        nullArguments: CallSettings.NullPolicy? = nil, limits: CallSettings
    ) {
        self.number = number
        descriptor = checked.descriptor
        inputSchema = checked.inputSchema
        outputSchema = checked.outputSchema
        self.desk = desk
        let stated = TimeAmount.milliseconds(Int64(checked.timeoutMilliseconds))
        self.timeout = min(
            timeout ?? (checked.timeoutMilliseconds > 0 ? stated : limits.timeout), CallSettings.longestTimeout)
        maxConcurrency = checked.maxConcurrency
        self.nullArguments = nullArguments ?? limits.nullArguments
        maxResultBytes = checked.maxResultBytes > 0 ? checked.maxResultBytes : PackResult.defaultLimit
        let (name, log) = (checked.descriptor.name, desk.log)
        // A limit on concurrency needs the gate, which an inline call passes by.
        let promises = checked.claimsInline && allowsInline && checked.maxConcurrency == 0
        inline = promises && desk.isHere ? InlineJudge { log.demotion(of: name) } : nil
        isBrief = promises && !desk.isHere
    }
}
