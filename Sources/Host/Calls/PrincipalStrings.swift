// A caller as packs see them, laid out once for all of their calls.

import ToolABI

/// Owns the strings of a `tool_call` that belong to its caller, in a single allocation.
///
/// `@unchecked Sendable`: written once in `init`, read-only afterwards.
@safe final class PrincipalStrings: @unchecked Sendable {
    private let memory: UnsafeMutableRawPointer
    private let strings: (id: tool_str, subject: tool_str, subjectIssuer: tool_str, client: tool_str, issuer: tool_str)
    private let scopes: UnsafeMutablePointer<tool_str>
    private let scopeCount: Int

    init(
        id: String, subject: String, subjectIssuer: String, clientID: String, clientIssuer: String, scopes: [String]
    ) {
        var size = unsafe max(1, scopes.count * MemoryLayout<tool_str>.size)
        for text in [id, subject, subjectIssuer, clientID, clientIssuer] + scopes { size += text.utf8.count }
        unsafe memory = .allocate(byteCount: size, alignment: MemoryLayout<tool_str>.alignment)
        var layout = unsafe ABILayout(next: memory)
        unsafe self.scopes = unsafe layout.reserve(tool_str.self, scopes.count)
        scopeCount = scopes.count
        unsafe strings = unsafe (
            layout.append(id), layout.append(subject), layout.append(subjectIssuer), layout.append(clientID),
            layout.append(clientIssuer)
        )
        for (index, scope) in scopes.enumerated() {
            unsafe (self.scopes + index).initialize(to: layout.append(scope))
        }
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Points the call's fields at these strings; they must outlive the call.
    @unsafe func fill(_ call: inout tool_call) {
        unsafe call.principal = unsafe strings.id
        unsafe call.subject = unsafe strings.subject
        unsafe call.subject_issuer = unsafe strings.subjectIssuer
        unsafe call.client_id = unsafe strings.client
        unsafe call.client_issuer = unsafe strings.issuer
        unsafe call.scopes = UnsafePointer(scopes)
        unsafe call.scope_count = UInt32(scopeCount)
    }
}
