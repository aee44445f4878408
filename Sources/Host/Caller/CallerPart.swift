// A caller as packs see them, laid out once for all of their calls, each of which takes a copy.

import ToolABI

/// What the block of each of a caller's calls begins with: all but what is the call's own, which is empty here. Behind
/// the scopes stand the texts of the caller.
///
/// That, one pass over a request's head (`RequestFields`) and classes for what a call hands on saved a tenth of a
/// call's instructions.
public struct CallerPart: Sendable {
    public let bytes: [UInt8]

    init(id: String, subject: String, subjectIssuer: String, clientID: String, clientIssuer: String, scopes: [String]) {
        let texts = [id, subject, subjectIssuer, clientID, clientIssuer] + scopes
        let structs = unsafe BlockLayout.scopes + scopes.count * MemoryLayout<tool_str>.size
        let size = texts.reduce(structs) { $0 + $1.utf8.count }
        bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = size
            guard let block = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            unsafe block.initializeMemory(as: UInt8.self, repeating: 0, count: structs)
            unsafe block.storeBytes(of: BlockLayout.version, as: UInt32.self)
            var writer = unsafe BlockWriter(block: block, next: structs)
            var call = unsafe tool_call()
            unsafe call.struct_size = unsafe UInt32(MemoryLayout<tool_call>.size)
            unsafe call.principal = unsafe writer.append(id)
            unsafe call.subject = unsafe writer.append(subject)
            unsafe call.subject_issuer = unsafe writer.append(subjectIssuer)
            unsafe call.client_id = unsafe writer.append(clientID)
            unsafe call.client_issuer = unsafe writer.append(clientIssuer)
            unsafe call.scopes = UnsafePointer(bitPattern: BlockLayout.scopes)
            unsafe call.scope_count = UInt32(scopes.count)
            unsafe block.storeBytes(of: call, toByteOffset: BlockLayout.call, as: tool_call.self)
            var place = BlockLayout.scopes
            for scope in scopes {
                unsafe block.storeBytes(of: writer.append(scope), toByteOffset: place, as: tool_str.self)
                unsafe place += MemoryLayout<tool_str>.size
            }
        }
    }
}
