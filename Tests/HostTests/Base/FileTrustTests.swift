// The rule on files that decide, held against made-up owners and permissions.

import Testing

@testable import HostBase

@Suite struct FileTrustTests {
    private func verdict(
        _ owner: UInt32, _ mode: UInt32, user: UInt32 = 1000, as place: FileTrust.Role = .deciding,
        readOnly: Bool = false, mountRoot: Bool = false, _ policy: FileTrust.GroupWritable = .warn,
        path: String = "/etc/toolhost/keys"
    ) -> FileTrust.Verdict {
        FileTrust(user: user, groupWritable: policy).verdict(
            on: FileOwnership(owner: owner, group: 50, mode: mode, isReadOnly: readOnly, isMountRoot: mountRoot),
            at: path, as: place)
    }

    private func reason(_ verdict: FileTrust.Verdict) -> String? {
        if case .refused(let reason) = verdict { reason } else { nil }
    }

    @Test(arguments: [0, 1000] as [UInt32], [0o600, 0o644, 0o755, 0o400, 0o1755, 0o4755] as [UInt32])
    func whatOnlyRootAndTheHostsUserMayWriteToIsGood(owner: UInt32, mode: UInt32) {
        #expect(verdict(owner, mode) == .good)
        #expect(verdict(owner, mode, as: .passage) == .good)
        #expect(verdict(owner, mode, .refuse) == .good)
    }

    @Test(arguments: [FileTrust.Role.deciding, .passage], [0o600, 0o1755, 0o400] as [UInt32])
    func anotherOwnerIsRefusedWhateverThePermissions(place: FileTrust.Role, mode: UInt32) {
        #expect(reason(verdict(1001, mode, as: place))?.contains("run chown 1000 /etc/toolhost/keys") == true)
        #expect(reason(verdict(1001, mode, user: 0, as: place))?.contains("run chown root /etc/toolhost/keys") == true)
        // The owner of a mount's files may change them where they come from.
        #expect(reason(verdict(1001, mode, as: place, readOnly: true)) != nil)
    }

    @Test(arguments: [0, 1000] as [UInt32], [0o666, 0o777, 0o602, 0o1777, 0o1002] as [UInt32])
    func whatEverybodyMayWriteToIsRefusedStickyOrNot(owner: UInt32, mode: UInt32) {
        #expect(reason(verdict(owner, mode))?.contains("run chmod o-w /etc/toolhost/keys") == true)
    }

    @Test func theWayOutOfAFolderForEverybodyIsAnotherFolder() {
        #expect(reason(verdict(0, 0o1777, path: "/tmp"))?.hasSuffix("where everybody has to write there") == true)
        #expect(reason(verdict(0, 0o777, path: "/srv"))?.hasSuffix("run chmod o-w /srv") == true)
    }

    @Test func aStickyFolderOnTheWayIsGoodAndOneWithoutIsNot() {
        #expect(verdict(0, 0o1777, as: .passage, path: "/tmp") == .good)
        #expect(verdict(0, 0o1775, as: .passage, .refuse, path: "/tmp") == .good)
        #expect(reason(verdict(0, 0o777, as: .passage, path: "/tmp"))?.contains("chmod o-w /tmp, or chmod +t") == true)
    }

    @Test(arguments: [0o664, 0o775, 0o620, 0o2775, 0o1775] as [UInt32])
    func whatAGroupMayWriteToIsToldOfOrRefused(mode: UInt32) {
        let remark = FileTrust.Remark(path: "/etc/toolhost/keys", group: 50)
        #expect(verdict(0, mode) == .remark(remark))
        #expect(remark.warning.contains("group 50") && remark.warning.hasSuffix("run chmod g-w /etc/toolhost/keys"))
        let refused = reason(verdict(1000, mode, .refuse)) ?? ""
        #expect(refused.contains("FILES_GROUP_WRITABLE=refuse"))
        #expect(refused.hasSuffix("run chmod g-w /etc/toolhost/keys"))
    }

    /// As Kubernetes mounts its secrets and configuration: the volume's own folder has every permission there is.
    @Test(arguments: [0o777, 0o1777, 0o2775, 0o664] as [UInt32])
    func whatBelongsToRootOnAReadOnlyMountPasses(mode: UInt32) {
        #expect(verdict(0, mode, readOnly: true, mountRoot: true, .refuse) == .good)
        #expect(verdict(0, mode, as: .passage, readOnly: true, mountRoot: true, .refuse) == .good)
        #expect(verdict(1000, mode, readOnly: true, mountRoot: true, .refuse) != .good)
    }

    /// As systemd's ProtectSystem= shows /usr: read-only for this process, while others write to it elsewhere.
    @Test func belowAReadOnlyMountEverybodyMayWriteToNothing() {
        #expect(verdict(0, 0o664, readOnly: true, .refuse) == .good)
        #expect(reason(verdict(0, 0o666, readOnly: true)) != nil)
        #expect(reason(verdict(0, 0o777, readOnly: true)) != nil)
    }

    @Test(arguments: [
        ("/srv/a-b_c.so", "/srv/a-b_c.so"), ("/srv/my packs", "'/srv/my packs'"), ("/srv/it's", #"'/srv/it'\''s'"#),
        ("/srv/$(id)", "'/srv/$(id)'"), ("/srv/café", "'/srv/café'"),
    ])
    func theCommandIsWhatAShellTakes(path: String, quoted: String) {
        #expect(FileTrust.quoted(path) == quoted)
        #expect(reason(verdict(0, 0o666, path: path))?.hasSuffix("chmod o-w \(quoted)") == true)
    }
}
