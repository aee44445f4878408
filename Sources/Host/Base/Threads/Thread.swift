// A thread of the operating system, for code of packs: never one of Swift's cooperative threads.

import CGlibc
import CrashNote
import Glibc

/// Starts detached threads.
public enum Thread {
    private final class Body {
        let name: String
        let run: () -> Void

        init(_ name: String, _ run: @escaping () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Eight times what the ABI promises a pack.
    public static let stackSize = 8 << 20

    /// The most bytes of a name (pthread_setname_np(3), without the zero behind it).
    static let longestName = 15

    /// What `top` shows of the calling thread; of the whole process, where it is its first one.
    public static func rename(_ name: String) { _ = unsafe set_thread_name(pthread_self(), shown(name)) }

    private static func shown(_ name: String) -> String {
        String(decoding: name.utf8.prefix(longestName), as: UTF8.self)
    }

    /// - Parameter name: what `top` and debuggers show, as far as the system takes it; without one the thread would
    ///   carry that of whoever started it.
    /// - Returns: whether the system had a thread to give.
    public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { unsafe attributes.deallocate() }
        unsafe pthread_attr_init(attributes)
        defer { unsafe pthread_attr_destroy(attributes) }
        unsafe pthread_attr_setstacksize(attributes, stackSize)
        unsafe pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        let context = unsafe Unmanaged.passRetained(Body(shown(name), body)).toOpaque()
        var thread = pthread_t()
        let error = unsafe pthread_create(
            &thread, attributes,
            { context in
                guard let context = unsafe context else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                _ = unsafe set_thread_name(pthread_self(), body.name)
                crash_note_prepare_thread()
                body.run()
                return nil
            }, context)
        guard error == 0 else {
            unsafe Unmanaged<Body>.fromOpaque(context).release()
            return false
        }
        return true
    }
}
