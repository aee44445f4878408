// A host whose structs have grown still reads those of version 1.0, and not one byte beyond them.

import Testing
import ToolABI

@testable import HostEngines

@Suite struct ABIStructTests {
    @Test func theFirstSizesAreThoseOfTheHeader() {
        let sizes = unsafe [
            MemoryLayout<tool_pack>.size, MemoryLayout<tool_descriptor>.size, MemoryLayout<tool_result>.size,
        ]
        #expect(sizes == [ABIStruct.pack, ABIStruct.descriptor, ABIStruct.result])
    }

    @Test func onlyWhatTheOtherSideHasIsCopied() {
        func copy(size: UInt32) -> [UInt64] {
            let source = unsafe tool_attr(
                key: tool_str(data: nil, size: 1), value: tool_str(data: nil, size: 2))
            let copy = unsafe withUnsafePointer(to: source) {
                unsafe ABIStruct.copy($0, size: size, zero: tool_attr())
            }
            return unsafe [copy.key.size, copy.value.size]
        }
        #expect(copy(size: 16) == [1, 0])
        #expect(copy(size: 32) == [1, 2])
        #expect(copy(size: 4000) == [1, 2])
    }
}
