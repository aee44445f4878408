// What the operator is told of a file that a confined pack could not open.

import HostSandbox
import Testing

@testable import HostPacks

@Suite struct DenialHintTests {
    @Test(arguments: [
        ("open /srv/models/a.bin: Permission denied", "read: [/srv/models/a.bin]"),
        ("PermissionError: [Errno 13] Permission denied: '/tmp/x'", "read: [/tmp/x]"),
        ("open(\"/etc/shop.conf\") gave EACCES", "read: [/etc/shop.conf]"),
        ("permission denied", "read: [PATH]"),
    ])
    func aDenialIsExplained(_ words: String, _ line: String) {
        // With its level: without one a pack would have that of the deployment.
        for level in [SandboxLevel.standard, .strict] {
            let text = DenialHint.text(words, level)
            #expect(text.contains("sandbox: {level: \(level.rawValue), \(line)}"), "\(text)")
        }
        #expect(DenialHint.text(words, .off).isEmpty)
    }

    @Test func nothingElseIs() {
        #expect(DenialHint.text("No such file or directory: /srv/models", .strict).isEmpty)
    }
}
