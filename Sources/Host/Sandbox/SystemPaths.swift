// What belongs to the system and not to anybody: every pack may read it.

/// Paths of a Linux system.
enum SystemPaths {
    /// Programs, libraries, and what they look up: what a runtime needs to start, find its time zone, its certificates
    /// and the addresses of names. Nothing of it is secret.
    static let readable: [String] =
        [
            "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sys/devices/system",
            "/sys/fs/cgroup", "/sys/kernel/mm",
        ]
        + [
            "alternatives", "ca-certificates", "ca-certificates.conf", "debian_version", "gai.conf", "group",
            "host.conf",
            "hostname", "hosts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "ld.so.preload", "localtime",
            "locale.alias",
            "localtime", "mime.types", "nsswitch.conf", "os-release", "passwd", "pki", "protocols", "resolv.conf",
            "services", "ssl/certs", "ssl/openssl.cnf", "timezone",
        ].map { "/etc/" + $0 }

    /// Folders in which the system keeps the addresses of its name servers, where `/etc/resolv.conf` is a link into
    /// one. They put another file in its place when the network changes, and a rule for the file holds that which was
    /// there. What else lies in them is the resolver's, and no secret: NetworkManager's, which
    /// is not among them, has connections with passwords.
    private static let resolverFolders = ["/run/systemd/resolve", "/run/resolvconf"]

    /// - Parameter place: where `/etc/resolv.conf` leads, without links.
    /// - Returns: what is to be opened so that it stays readable when it is replaced there.
    static func folders(around place: String) -> [String] {
        resolverFolders.filter { place.hasPrefix($0 + "/") }
    }

    /// Devices that give or take nothing of anybody's. No other device is open to a confined pack.
    static let devices = ["null", "zero", "full", "random", "urandom"].map { "/dev/" + $0 }

    /// What a pack may not read even where it may read all else: whoever has these has the files on them, the
    /// keyboards, or the kernel.
    static let hidden = ["/dev", "/sys/kernel/debug", "/sys/kernel/tracing", "/sys/firmware"]
}
