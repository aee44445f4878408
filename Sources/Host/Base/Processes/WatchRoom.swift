// Whether an event loop may watch one more descriptor, which is bounded for all processes of a user together.

import CGlibc
import Glibc

public enum WatchRoom {
    /// Tries it (epoll_ctl(2), fs.epoll.max_user_watches). What is there now may be gone a moment later.
    public static var isThere: Bool {
        let (watcher, event) = (make_watcher(), make_event(0, Int32(event_close_on_exec)))
        defer { for descriptor in [watcher, event] where descriptor >= 0 { close(descriptor) } }
        return starts_watching(watcher, event) != 0
    }
}
