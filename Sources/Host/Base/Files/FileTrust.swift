// The one rule on files that decide who may call or what runs: nobody but root and the host's own user may change them.

import Glibc

/// Judges files, their folders and the folders on the way to them by owner and permissions.
///
/// What belongs to root on a mount that lets nobody write passes if a group may write to it, and if every user may
/// where it is the mount's own folder. Everything else has to belong to root or to the host's user, and must not be
/// writable for every user. What a group may write to is told of, or refused.
public struct FileTrust: Sendable, Equatable {
    /// What becomes of files that a group may write to.
    public enum GroupWritable: String, Sendable, CaseIterable {
        case warn, refuse
    }

    /// What a file or a folder is on the way to what decides.
    enum Role: Sendable {
        /// The file itself, or a folder that holds it or a link to it: whoever may put something there decides.
        case deciding
        /// A folder that only leads to another one, which is judged in its turn. A sticky one, such as `/tmp`, keeps
        /// others from putting another folder in that one's place.
        case passage
    }

    /// A file or a folder that a group may write to.
    public struct Remark: Sendable, Hashable {
        var path: String
        var group: UInt32

        public var warning: String {
            "\(told), who so have a say in what runs or who may call; run chmod g-w \(FileTrust.quoted(path))"
        }

        public var refusal: String {
            "\(told), and FILES_GROUP_WRITABLE=refuse; run chmod g-w \(FileTrust.quoted(path))"
        }

        private var told: String { "\(path) may be written by the members of group \(group)" }
    }

    enum Verdict: Sendable, Equatable {
        case good
        case remark(Remark)
        /// Why, and what to type.
        case refused(String)
    }

    /// Whom the host runs as.
    var user: UInt32 = geteuid()
    public var groupWritable = GroupWritable.warn
    /// `false` for a file that somebody names to look at it, wherever it lies.
    public var judgesFolders = true

    public init() {}

    public init(user: UInt32 = geteuid(), groupWritable: GroupWritable = .warn, judgesFolders: Bool = true) {
        self.user = user
        self.groupWritable = groupWritable
        self.judgesFolders = judgesFolders
    }

    func verdict(on file: FileOwnership, at path: String, as place: Role = .deciding) -> Verdict {
        // What everybody may write to was put there so: a volume's own folder. Elsewhere it may be read-only for this
        // process alone.
        if file.belongsToRoot && file.isReadOnly && (file.isMountRoot || !file.isWritableByOthers) { return .good }
        // Several users may look like this one.
        if file.isOwnerUnknown {
            return .refused(
                "\(path) belongs to a user who has no number in this user namespace (\(file.owner) stands for all of them); map "
                    + "its owner into the namespace, or copy it to where it belongs to root or to the user who runs this"
            )
        }
        guard file.belongsToRoot || file.owner == user else {
            return .refused(
                user == 0
                    ? "\(path) belongs to user \(file.owner), and this runs as root; run it as that user if the host does, else run "
                        + "chown root \(Self.quoted(path))"
                    : "\(path) belongs to user \(file.owner), neither to root nor to the user who runs this (\(user)); run chown "
                        + "\(user) \(Self.quoted(path)), or run this as its owner")
        }
        let isProtected = place == .passage && file.isSticky
        if file.isWritableByOthers && !isProtected {
            let wayAround =
                switch place {
                case .passage: ", or chmod +t where everybody has to write there"
                case .deciding where file.isSticky: ", or use a folder of your own where everybody has to write there"
                case .deciding: ""
                }
            return .refused(
                "\(path) may be written by every user of this machine; run chmod o-w \(Self.quoted(path))" + wayAround)
        }
        if file.isWritableByGroup && !isProtected {
            let remark = Remark(path: path, group: file.group)
            return groupWritable == .refuse ? .refused(remark.refusal) : .remark(remark)
        }
        return .good
    }

    /// A path as a shell takes it.
    public static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            byte.isASCIILetterOrDigit || "/._-+:@%,".utf8.contains(byte)
        }
        return isPlain ? path : "'" + path.replacing("'", with: #"'\''"#) + "'"
    }
}
