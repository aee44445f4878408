// Whether a process has users of its own, and with them a count of its own of threads (user_namespaces(7)).

import Glibc

public enum UserNamespace {
    /// Whether a process is in another one than this; `nil` where it is gone, or the system does not tell.
    public static func isOther(of process: Int32) -> Bool? {
        guard let own = file("self"), let other = file("\(process)") else { return nil }
        return own != other
    }

    private static func file(_ process: String) -> UInt64? {
        var status = stat()
        guard unsafe stat("/proc/\(process)/ns/user", &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }
}
