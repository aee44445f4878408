// One life of a pack's process as its keeper leads it: from its start to its end, and every reason to end it.

import Dispatch
import Glibc
import HostBase
import HostCalls
import HostLanes
import HostSandbox
import Logging
import NIOCore
import Synchronization

extension RunnerKeeper {
    /// What is going on in one life.
    private struct Course {
        var isRunning = false
        var cause: RunnerEnd.Cause?
        /// Until when it is to be gone by itself.
        var patience: NIODeadline?
        var hasStopped = false
        /// Since when it should be gone.
        var killed: NIODeadline?
        /// When it was last looked whether it is gone and the system does not say so.
        var looked = NIODeadline.now()
        /// It is to be replaced, and its calls are waited for until then at the latest.
        var emptyBy: NIODeadline?
        /// A call is stuck, so it is replaced, at this time at the latest.
        var replacement: NIODeadline?
        var culprit: String?
    }

    /// From its start to its end.
    func serve(
        _ engine: RunnerEngine, _ runner: RunnerProcess, _ config: [UInt8], _ deadline: NIODeadline, _ words: LastWords,
        _ refusals: inout RefusalBook, _ watch: UsageWatch, isFirst: Bool
    ) -> RestartPolicy.Decision? {
        let since = NIODeadline.now()
        let broken = { @Sendable [process = runner.child.process] (violation: RunnerLink.Violation) in
            self.violated(violation.text, by: process)
        }
        let link = RunnerLink(
            map: map, memory: runner.memory, loops: engine.loops, pack: engine.log.packID,
            requests: engine.requests(map, runner.memory, broken: broken), desk: { engine.desk }, broken: broken)
        let notes = RunnerNotes(link, engine)
        var rings = WakeBudget(at: since)
        var words = words
        var watch = watch
        var course = Course()
        func refuse(_ reason: String) {
            guard isFirst, !course.isRunning else { return }
            startEnd.withLock { if $0 == nil { $0 = .some(reason) } }
            isStarted.signal()
        }
        let lanes: RunnerLanes
        do {
            lanes = try RunnerLanes(link, loops: engine.loops, bells: runner.takeLoopBells())
        } catch {
            let reason = "the host has no descriptors for it: \(error)"
            refuse(reason)
            return engine.ended(
                link, RunnerEnd(way: .unknown, cause: .hostLacks(reason), uptime: .zero), culprit: nil, isTold: isFirst)
        }
        defer { lanes.close() }
        process.withLock { $0 = (runner.child.process, since) }
        defer {
            process.withLock { $0 = nil }
            usage.withLock { $0 = nil }
        }
        let orders = RunnerOrders(
            config: config, deadline: Int64(clamping: deadline.uptimeNanoseconds), workers: workers,
            logLevel: PackLogLevel.number(of: engine.log.logger.logLevel), origins: engine.origins)
        // One that is gone already, or does not read, is seen to be.
        _ = runner.say(LifeFrame(.go, orders.bytes))
        while true {
            let news = runner.news(or: bell, within: min(Self.step, watch.wait(at: .now())))
            hush()
            words.append(news.words)
            refusals.add(news.refusals)
            for refusal in refusals.takeNew() { engine.log.refused(refusal) }
            // Also where nobody rang: nobody does before the first time, nor while there is more than one turn reads.
            let reading = notes.read()
            if let violation = reading.violation { course.cause = course.cause ?? .nonsense(violation) }
            if reading.count > 0 {
                rings.earn()
                runner.spend(reading.count / Self.notesAWake)
            } else if news.hasRung, rings.spend(at: .now()) != nil, rings.isEndless(at: .now()) {
                course.cause = course.cause ?? .nonsense(RunnerLink.Violation.idleRings.text)
            }
            if let overrun = look(at: runner, &watch) {
                course.cause = course.cause == .asked ? .asked : course.cause ?? .overLimit(overrun)
                course.patience = nil
            }
            for frame in news.frames {
                switch frame.kind {
                case .started where !course.isRunning:
                    course.isRunning = true
                    // One that is to be ended gets no calls.
                    if course.cause == nil { engine.runs(link) }
                    if isFirst {
                        // What its start asked for, such as a backend to be watched, is known when it is served.
                        link.receiveSoon(within: .milliseconds(500))
                        startEnd.withLock { $0 = .some(nil) }
                        isStarted.signal()
                    }
                case .refused where !course.isRunning:
                    let reason =
                        frame.text.isEmpty ? "it gave no reason" : String(frame.text.prefix(Self.longestReason))
                    refuse("its start failed: " + reason)
                    course.cause = course.cause ?? .startFailed(reason)
                case .stopped: course.hasStopped = true
                default: course.cause = course.cause ?? .nonsense("a message that makes no sense")
                }
            }
            if let end = news.end {
                // Nothing goes there any more, also of what waits for what is answered now.
                engine.leaves()
                let isRefused = isFirst && startEnd.withLock { $0 != nil && $0 != .some(nil) }
                // The pack is served, and started again as at any other time.
                if isFirst, !course.isRunning {
                    startEnd.withLock { if $0 == nil { $0 = .some(nil) } }
                    isStarted.signal()
                }
                // What it had answered before is dealt with first.
                link.settleAnswers()
                let uptime = NIODeadline.now() - since
                let way = RunnerEnd(way: .init(end), cause: course.cause, uptime: uptime)
                return engine.ended(
                    link, way, culprit: course.culprit, words: words, process: runner.child.process, isTold: isRefused)
            }
            look(at: link, engine, runner, deadline, news, &course)
            if let killed = course.killed, .now() - killed >= Self.longestDeath {
                // It waits for a disk, or for somebody who traces it. The next one shares nothing with it.
                engine.leaves()
                let end = RunnerEnd(way: .unknown, cause: course.cause, uptime: .now() - since)
                return engine.ended(link, end, culprit: course.culprit, words: words, process: runner.child.process)
            }
        }
    }

    /// Whether there is a reason to end it.
    private func look(
        at link: RunnerLink, _ engine: RunnerEngine, _ runner: RunnerProcess, _ deadline: NIODeadline,
        _ news: RunnerProcess.News, _ course: inout Course
    ) {
        link.nudge()
        let now = NIODeadline.now()
        let (stop, restart, violation, isDropped) = mail.withLock { mail in
            defer { mail.violation = nil }
            return (mail.stop, mail.restart, mail.violation, mail.isDropped)
        }
        if let violation, violation.process == runner.child.process {
            course.cause = course.cause ?? .nonsense(violation.text)
        }
        if news.isMute, course.cause == nil, !course.hasStopped {
            // It is about to end; or somebody closed its pipe.
            course.patience = course.patience ?? now + .milliseconds(500)
            if course.patience ?? now <= now { course.cause = .nonsense("it has closed the host's pipe") }
        }
        if news.isStopped, !ProcessTracing.isTraced(runner.child.process) {
            course.cause = course.cause ?? .stopped(by: SIGSTOP)
        }
        if !course.isRunning, course.cause == nil, now >= deadline { course.cause = .slowStart }
        if isDropped { course.cause = course.cause ?? .asked }
        if let stop, course.cause == nil {
            engine.leaves()
            end(runner, by: stop, &course)
        } else if let stop, course.cause == .asked, let patience = course.patience {
            course.patience = min(patience, stop)
        }
        // One that comes where this process ends anyway is obeyed once it has.
        if restart != nil, course.cause == nil { mail.withLock { $0.restart = nil } }
        if restart != nil, course.cause == nil, course.emptyBy == nil {
            engine.leaves()
            // As long after its deadline as anywhere a call may take until it has come back.
            let time = max(now, min(link.load.lastDeadline + Self.grace, now + emptying))
            course.emptyBy = time
            _ = engine.restartsByHand(emptyBy: time)
        }
        if let emptyBy = course.emptyBy, course.cause == nil {
            let load = link.load
            // Nobody stops a pack that is inside a call.
            if load.isEmpty || emptyBy <= now { end(runner, by: load.isInside ? now : now + timeout, &course) }
        }
        if course.isRunning, course.cause == nil, course.replacement == nil, course.emptyBy == nil,
            let stuck = link.stuck(longerThan: Self.grace, at: now), !ProcessTracing.isTraced(runner.child.process)
        {
            // It gets no further calls, whether or not this one comes back now.
            engine.replaces(until: stuck.othersUntil)
            course.culprit = stuck.tool
            course.replacement = stuck.othersUntil
        }
        // Those that it has are waited for no longer than until their own deadlines.
        if let replacement = course.replacement, course.cause == nil, replacement <= now || link.isIdle {
            course.cause = .stuck
        }
        switch course.cause {
        case nil: break
        case .asked where (course.patience ?? now) > now: break
        default:
            kill(runner.child.process, SIGKILL)
            course.killed = course.killed ?? now
        }
        if now - course.looked >= .seconds(1) {
            course.looked = now
            if course.killed != nil || runner.child.isZombie { runner.child.reapTracedThreads() }
        }
    }

    /// Has it stop in order, for which it has until `deadline`; where that is now there is none.
    private func end(_ runner: RunnerProcess, by deadline: NIODeadline, _ course: inout Course) {
        course.cause = .asked
        course.patience = deadline
        guard deadline > .now() else { return }
        _ = runner.say(LifeFrame(.stop, text: "\(Int64(clamping: deadline.uptimeNanoseconds))"))
    }
}
