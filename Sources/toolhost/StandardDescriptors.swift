// What is opened next gets the lowest number that is free: it must not become standard error by that.

import Glibc

/// Standard input, output and error.
enum StandardDescriptors {
    /// Those that were closed when the process started. They are open on `/dev/null` since this was first asked for,
    /// which is before anything else opens a file.
    static let missing: [Int32] = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].filter { descriptor in
        guard fcntl(descriptor, F_GETFD) < 0, errno == EBADF else { return false }
        // Where there is no such file, as in a bare container, anything that keeps the number will do.
        var opened = unsafe open("/dev/null", O_RDWR)
        if opened < 0 { opened = unsafe open("/", O_RDONLY) }
        if opened >= 0 && opened != descriptor {
            dup2(opened, descriptor)
            close(opened)
        }
        return true
    }
}
