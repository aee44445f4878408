// The era of a request follows from the request alone.

import Testing

@testable import HostMCP

@Suite struct EraChoiceTests {
    private static let modern = "2026-07-28"

    @Test(
        arguments: [
            // Header, version in the message, method, choice.
            (nil, nil, "tools/list", EraChoice.legacy),
            (nil, nil, "initialize", .legacy),
            ("2025-03-26", nil, "tools/list", .legacy),
            ("2025-06-18", nil, "tools/list", .legacy),
            ("2025-11-25", "2025-11-25", "tools/list", .legacy),
            (modern, modern, "tools/list", .modern),
            (modern, nil, "tools/list", .modern),
            (modern, nil, "initialize", .modern),
            (nil, modern, "tools/list", .modern),
            ("2025-11-25", modern, "tools/list", .modern),
            ("2099-01-01", "2099-01-01", "server/discover", .modern),
            // The handshake says its version in its parameters; the header is for what follows.
            ("2099-01-01", nil, "initialize", .legacy),
            ("2024-11-05", nil, "tools/list", .refused(.unsupportedVersion("2024-11-05"))),
            ("", nil, "tools/list", .refused(.unsupportedVersion(""))),
        ] as [(String?, String?, String, EraChoice)])
    func theRequestDecides(header: String?, meta: String?, method: String, choice: EraChoice) {
        #expect(EraChoice(header: header, meta: meta, method: method) == choice)
    }

    @Test(arguments: [
        ("2025-03-26", ProtocolVersion.march2025), ("2025-06-18", .june2025), ("2025-11-25", .november2025),
        ("2026-07-28", .november2025), ("2024-11-05", .november2025), ("2099-01-01", .november2025),
        ("", .november2025),
    ])
    func aHandshakeEndsInAVersionThatHasOne(requested: String, version: ProtocolVersion) {
        #expect(ProtocolVersion.negotiated(requested) == version)
    }

    @Test func onlyTheOldestTakesBatches() {
        #expect(ProtocolVersion.allCases.filter(\.takesBatches) == [.march2025])
        #expect(ProtocolVersion.allCases.filter { $0.era == .modern } == [.july2026])
    }
}
