// Buffers that change hands: whose they are, and that one release frees them.

import Testing
import ToolABI

@testable import ToolSDK

@Suite struct HandingOverTests {
    /// What keeps a buffer alive, by address, since a reference of our own would keep it alive too.
    private static func isAlive(_ body: (inout tool_bytes) -> Void) -> (before: Bool, after: Bool) {
        var bytes = unsafe tool_bytes.handingOver("some text that is handed over")
        guard let address = unsafe bytes.owner else { return (false, false) }
        weak let owner = unsafe Unmanaged<AnyObject>.fromOpaque(address).takeUnretainedValue()
        let before = owner != nil
        unsafe body(&bytes)
        return (before, owner != nil)
    }

    @Test func oneReleaseFrees() {
        let kept = unsafe Self.isAlive { _ in }
        #expect(kept == (true, true))
        let released = unsafe Self.isAlive { unsafe $0.release?($0.owner, $0.data, $0.size) }
        #expect(released == (true, false))
    }

    @Test func nothingNeedsNoOwner() {
        let bytes = unsafe tool_bytes.handingOver("")
        let isEmpty = unsafe bytes.owner == nil && bytes.release == nil && bytes.size == 0
        #expect(isEmpty)
    }

    @Test(arguments: ["", "a", "grüße 🛒", String(repeating: "x", count: 100_000)])
    func textsComeBackAsTheyWere(text: String) {
        let memory = HostMemory(text)
        let copy = unsafe String(memory.text)
        let lent = unsafe text.withABIText { unsafe String($0) }
        let immortal = unsafe String(tool_str.immortal(text))
        #expect([copy, lent, immortal] == [text, text, text])
        let isEqual = unsafe memory.text.equals(text)
        #expect(isEqual)
        let differs = unsafe !memory.text.equals(text + "?")
        #expect(differs)
    }
}
