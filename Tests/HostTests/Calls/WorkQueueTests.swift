// No call waits while a thread could take it, whoever comes and goes in whatever order.

import Testing

@testable import HostCalls

@Suite struct WorkQueueTests {
    @Test func aBurstSendsForOneThread() {
        var pool = Pool(limit: 4)
        for call in 1...3 { pool.add(call) }
        #expect(pool.starting.count == 1)
        #expect(pool.queue.threads == 1)
    }

    @Test func whoArrivesSendsForTheNextBeforeItRuns() {
        var pool = Pool(limit: 4)
        for call in 1...3 { pool.add(call) }
        pool.arrive()
        #expect(pool.busy.count == 1)
        #expect(pool.starting.count == 1)
        pool.arrive()
        pool.arrive()
        #expect(pool.busy.values.sorted() == [1, 2, 3])
        #expect(pool.starting.isEmpty)
    }

    @Test func whoEndsACallTakesTheNextOne() {
        var pool = Pool(limit: 1)
        for call in 1...3 { pool.add(call) }
        pool.arrive()
        for call in 1...3 {
            #expect(Array(pool.busy.values) == [call])
            pool.finish()
        }
        #expect(pool.asleep.count == 1)
        #expect(pool.queue.threads == 1)
    }

    @Test func theThreadThatSleptShortestIsWoken() {
        var pool = Pool(limit: 2)
        pool.add(1)
        pool.arrive()
        pool.add(2)
        pool.arrive()
        let last = pool.busy.keys.max()
        pool.finish(pool.busy.keys.min())
        pool.finish(last)
        pool.add(3)
        #expect(Array(pool.woken) == [last])
    }

    @Test func anUrgentCallGoesFirstAndGetsOneMoreThreadWhereAllAreTaken() {
        var pool = Pool(limit: 1)
        pool.add(1)
        pool.arrive()
        pool.add(2)
        #expect(pool.starting.isEmpty)
        pool.add(3, isUrgent: true)
        #expect(pool.starting.count == 1)
        pool.arrive()
        #expect(pool.busy.values.sorted() == [1, 3])
        // The one more thread ends with its call; what waits is for the others.
        pool.finish(pool.busy.first { $0.value == 3 }?.key)
        #expect(Array(pool.busy.values) == [1])
        #expect(pool.queue.threads == 1)
        #expect(pool.asleep.isEmpty)
    }

    @Test func twoUrgentCallsDoNotShareOneThread() {
        var pool = Pool(limit: 1)
        pool.add(1)
        pool.arrive()
        pool.add(2, isUrgent: true)
        pool.add(3, isUrgent: true)
        pool.arrive()
        pool.arrive()
        #expect(pool.busy.values.sorted() == [1, 2, 3])
    }

    @Test func aThreadTooManyTakesAnUrgentCallBeforeItEnds() {
        var pool = Pool(limit: 1)
        pool.add(1)
        pool.arrive()
        pool.add(2, isUrgent: true)
        pool.arrive()
        pool.add(3, isUrgent: true, isLater: true)
        let more = pool.busy.first { $0.value == 2 }?.key
        pool.finish(more)
        #expect(pool.busy.values.sorted() == [1, 3])
        pool.finish(more)
        #expect(pool.queue.threads == 1)
    }

    @Test func callsThatAreAddedTogetherSendForAThreadOnce() {
        var pool = Pool(limit: 4)
        for call in 1...3 { pool.add(call, isLater: true) }
        #expect(pool.starting.isEmpty)
        pool.summon()
        pool.summon()
        #expect(pool.starting.count == 1)
        // Nobody is sent for where nothing waits.
        var idle = Pool(limit: 4)
        idle.summon()
        #expect(idle.starting.isEmpty)
    }

    @Test func aLostThreadIsReplacedUntilItIsFound() {
        var pool = Pool(limit: 1)
        pool.add(1)
        pool.arrive()
        pool.add(2)
        pool.lose()
        pool.arrive()
        #expect(pool.busy.values.sorted() == [1, 2])
        pool.find()
        pool.finish()
        #expect(pool.queue.threads == 1)
    }

    @Test func whoFellAsleepMeanwhileTakesThePlaceOfAThreadThatCouldNotStart() {
        var pool = Pool(limit: 2)
        pool.add(1)
        pool.arrive()
        pool.add(2)
        pool.finish()
        pool.finish()
        #expect(pool.asleep.count == 1)
        pool.add(3)
        #expect(pool.woken.isEmpty)
        pool.failToStart()
        #expect(pool.woken.count == 1)
    }

    @Test(arguments: 0..<40)
    func noCallWaitsWhileAThreadCouldTakeIt(seed: Int) {
        var random = Xorshift(seed: seed)
        var pool = Pool(limit: Int.random(in: 1...4, using: &random))
        for _ in 0..<2000 {
            pool.step(&random)
            #expect(pool.fault == nil)
        }
        // From here on no call ends: whatever waits still finds a thread, as long as there may be one.
        pool.summon()
        while !pool.starting.isEmpty || !pool.woken.isEmpty { pool.arrive() }
        #expect(pool.waiting.isEmpty || (pool.asleep.isEmpty && pool.queue.threads >= pool.limit))
        #expect(pool.urgent.isEmpty)
        // And when all end, each has run exactly once and no thread is left over.
        while !pool.busy.isEmpty { pool.finish() }
        while !pool.starting.isEmpty || !pool.woken.isEmpty || !pool.busy.isEmpty {
            pool.arrive()
            pool.finish()
        }
        #expect(pool.taken.sorted() == Array(0..<pool.added))
        #expect(pool.asleep.count == pool.queue.threads)
    }

    @Test(arguments: 0..<10)
    func ordinaryCallsRunInTheirOrder(seed: Int) {
        var random = Xorshift(seed: seed)
        var pool = Pool(limit: 3)
        pool.addsUrgent = false
        for _ in 0..<1000 { pool.step(&random) }
        #expect(!pool.taken.isEmpty)
        #expect(pool.taken == Array(0..<pool.taken.count))
    }
}

/// Threads that are numbers, and do one thing at a time.
private struct Pool {
    typealias Queue = WorkQueue<Int, Int>

    var queue: Queue
    var limit: Int
    var addsUrgent = true
    /// Somebody who added a call has yet to send for a thread.
    private var isSendingLater = false
    private var lost = 0
    private var workers = 0
    private(set) var added = 0
    private(set) var starting: [Int] = []
    private(set) var woken: Set<Int> = []
    private(set) var asleep: Set<Int> = []
    /// What each thread runs.
    private(set) var busy: [Int: Int] = [:]
    private(set) var waiting: Set<Int> = []
    private(set) var urgent: Set<Int> = []
    private(set) var taken: [Int] = []

    init(limit: Int) {
        queue = Queue(limit: limit)
        self.limit = limit
    }

    /// What is wrong now.
    var fault: String? {
        let sent = starting.count + woken.count
        if queue.threads != sent + asleep.count + busy.count { return "threads are miscounted" }
        guard !waiting.isEmpty, sent == 0, !isSendingLater else { return nil }
        if !asleep.isEmpty { return "a call waits, a thread sleeps" }
        if queue.threads < limit { return "a call waits that may get one more thread" }
        if !urgent.isEmpty { return "an urgent call waits for a thread that is busy" }
        return nil
    }

    mutating func step(_ random: inout Xorshift) {
        switch Int.random(in: 0..<13, using: &random) {
        case 0...2:
            let isUrgent = addsUrgent && Int.random(in: 0..<4, using: &random) == 0
            add(added, isUrgent: isUrgent, isLater: Bool.random(using: &random))
        case 3...5: arrive(at: Int.random(in: 0..<8, using: &random))
        case 6...8: finish(busy.keys.sorted().randomElement(using: &random))
        case 9: summon()
        case 10 where lost < 3: lose()
        case 11: failToStart()
        default: find()
        }
    }

    /// - Parameter isLater: whoever adds it sends for a thread only when `summon` is called.
    mutating func add(_ call: Int, isUrgent: Bool = false, isLater: Bool = false) {
        added += 1
        waiting.insert(call)
        if isUrgent { urgent.insert(call) }
        queue.add(call, isUrgent: isUrgent)
        if isLater { isSendingLater = true } else { summon() }
    }

    mutating func summon() {
        isSendingLater = false
        send(queue.summon())
    }

    /// One of those that were sent for begins to look.
    mutating func arrive(at place: Int = 0) {
        let sent = (starting + woken).sorted()
        guard !sent.isEmpty else { return }
        let worker = sent[place % sent.count]
        starting.removeAll { $0 == worker }
        woken.remove(worker)
        look(worker, hasArrived: true)
    }

    /// A call ends: the first thread's where none is named.
    mutating func finish(_ named: Int? = nil) {
        guard let worker = named ?? busy.keys.min() else { return }
        busy[worker] = nil
        look(worker, hasArrived: false)
    }

    mutating func lose() {
        guard !busy.isEmpty else { return }
        lost += 1
        limit += 1
        send(queue.lost())
    }

    mutating func find() {
        guard lost > 0 else { return }
        lost -= 1
        limit -= 1
        queue.found()
    }

    mutating func failToStart() {
        guard starting.popLast() != nil else { return }
        // Whoever was to start it asks again later.
        isSendingLater = true
        send(queue.couldNotStart())
    }

    private mutating func look(_ worker: Int, hasArrived: Bool) {
        switch queue.next(for: worker, hasArrived: hasArrived) {
        case .run(let call, let summons):
            busy[worker] = call
            taken.append(call)
            waiting.remove(call)
            urgent.remove(call)
            send(summons)
        case .sleep: asleep.insert(worker)
        case .end: break
        }
    }

    private mutating func send(_ summons: Queue.Summons?) {
        switch summons {
        case nil: break
        case .wake(let worker):
            asleep.remove(worker)
            woken.insert(worker)
        case .start:
            workers += 1
            starting.append(workers)
        }
    }
}

/// The same numbers for the same seed.
private struct Xorshift: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) {
        state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
