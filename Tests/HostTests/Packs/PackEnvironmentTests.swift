// The environment of packs' processes.

import Testing

@testable import HostPacks

@Suite struct PackEnvironmentTests {
    private static let host = [
        "PATH=/usr/bin", "HOME=/root", "TZ=Europe/Berlin", "LANG=C.UTF-8", "LC_ALL=C", "LC_=", "SSL_CERT_FILE=/ca",
        "SSL_CERT_DIR=/certs", "TMPDIR=/var/tmp", "MCP_API_KEY=secret", "AWS_SECRET_ACCESS_KEY=secret", "REGION=eu",
        "LD_PRELOAD=/x.so", "PATHS=1", "LANGUAGE=de", "SSL_CERTS=1", "SWIFT_BACKTRACE=enable=yes", "NOTHING",
    ]

    private static func texts(_ strings: [[CChar]]) -> [String] {
        strings.map { String(decoding: $0.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    }

    private static let environment = PackEnvironment(host.map { Array($0.utf8CString) })

    @Test(arguments: [
        ([], ["HOME=/s/data/units", "TMPDIR=/s/data/units/tmp"]),
        ([("REGION", "eu")], ["HOME=/s/data/units", "TMPDIR=/s/data/units/tmp", "REGION=eu"]),
        // The operator's word counts, and a name stands once.
        ([("HOME", "/srv"), ("TZ", "UTC")], ["TMPDIR=/s/data/units/tmp", "HOME=/srv", "TZ=UTC"]),
    ])
    func aConfinedPackHasFewNames(_ listed: [(String, String)], _ own: [String]) {
        let strings = Self.environment.strings(
            in: PackDataFolder(of: "units.so", in: "/s"), listed: listed.map { (name: $0.0, value: $0.1) })
        let passed = [
            "PATH=/usr/bin", "TZ=Europe/Berlin", "LANG=C.UTF-8", "LC_ALL=C", "LC_=", "SSL_CERT_FILE=/ca",
            "SSL_CERT_DIR=/certs",
        ].filter { passed in !listed.contains { passed.hasPrefix($0.0 + "=") } }
        #expect(Self.texts(strings) == passed + own + ["SWIFT_BACKTRACE=enable=no"])
    }

    @Test func onlyTheReportOfACrashIsTakenFromTheWhole() {
        #expect(
            Self.texts(Self.environment.whole)
                == Self.host.filter { !$0.hasPrefix("SWIFT_BACKTRACE") } + ["SWIFT_BACKTRACE=enable=no"])
    }
}
