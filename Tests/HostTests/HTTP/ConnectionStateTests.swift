// The life of a connection: in whatever order events come, requests are answered once and in order, or the connection
// ends.

import Testing

@testable import HostHTTP

@Suite struct ConnectionStateTests {
    /// What may happen to a connection, so that a row reads as the list of it.
    enum Event: Sendable {
        case open
        /// A head arrived, of one of these kinds; then it is decided on.
        case head, expectingHead, longHead, lastHead
        case plan(closes: Bool)
        case read
        /// The client was asked for the body.
        case invited
        case body(Int)
        case end, readAll
        /// Something more arrived, or is dealt with, or all of it is.
        case more, drained, settled
        case answer(closes: Bool)
        case begin, piece, endStream
        /// The end of an answer was told, to a client that has taken it or has not; then it takes, or does not.
        case told, toldStuck
        case wrote, stuck, wroteLast
        case stop(StopStage)
        case looked(isMidPart: Bool)
        case broken
        case late, lateMidPart, lateStuck
        case gone, goneInHead
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var events: [Event]
        /// Every step that is not nothing: what to do, what to wait for, and `!` where nothing can be understood any
        /// more.
        var steps: [String]
        var phase: ConnectionState.Phase
        var mayRead = true
        var stage: StopStage?
        var isSpare = false

        var testDescription: String { name }
    }

    private static func step(_ event: Event, _ state: inout ConnectionState) -> ConnectionStep {
        switch event {
        case .open: return state.opened()
        case .head: state.begins(RequestFraming())
        case .expectingHead: state.begins(RequestFraming(expectsContinue: true))
        case .longHead: state.begins(RequestFraming(announcedLength: 11))
        case .lastHead: state.begins(RequestFraming(keepsAlive: false))
        case .plan(let closes): return state.decidedToAnswer(closes: closes)
        case .read: return state.decidedToRead()
        case .invited: return state.invited()
        case .body(let size): return state.received(size)
        case .end: return state.completed()
        case .readAll: return state.readAll()
        case .more: return state.holds() ? ConnectionStep(action: .keep) : .nothing
        case .drained: state.holdsNothing()
        case .settled: return state.settles()
        case .answer(let closes): return state.answers(closes: closes)
        case .begin: return state.streams()
        case .piece: return state.sends()
        case .endStream: return state.endsStream()
        case .told: return state.told(canTake: true)
        case .toldStuck: return state.told(canTake: false)
        case .wrote: return state.wrote(canTake: true)
        case .stuck: return state.wrote(canTake: false)
        case .wroteLast: return state.wroteLast()
        case .stop(let stage): return state.stops(stage)
        case .looked(let isMidPart): return state.looked(isMidPart: isMidPart)
        case .broken: return state.fails()
        case .late: return state.timesOut(isMidPart: false, canTake: true)
        case .lateMidPart: return state.timesOut(isMidPart: true, canTake: true)
        case .lateStuck: return state.timesOut(isMidPart: false, canTake: false)
        case .gone: return state.closes(isInHead: false)
        case .goneInHead: return state.closes(isInHead: true)
        }
        return .nothing
    }

    private static func text(_ step: ConnectionStep) -> String? {
        guard step != .nothing else { return nil }
        var words: [String] = []
        if case .refuse(let refusal) = step.action {
            words.append("refuse \(refusal)")
        } else if step.action != .nothing {
            words.append("\(step.action)")
        }
        if let wait = step.wait { words.append("for \(wait)") }
        return words.joined(separator: " ") + (step.isDeaf ? "!" : "")
    }

    @Test(arguments: usual + bodies + answers + streams + stops + times + failures)
    func eventsLeadToSteps(row: Row) {
        var state = ConnectionState(maxBodyBytes: 10, stage: row.stage, isSpare: row.isSpare)
        let steps = row.events.compactMap { Self.text(Self.step($0, &state)) }
        #expect(steps == row.steps)
        #expect(state.phase == row.phase)
        #expect(state.mayRead == row.mayRead)
    }

    static let usual = [
        Row(
            name: "a request with a body",
            events: [
                .open, .head, .read, .body(4), .body(6), .end, .readAll, .answer(closes: false), .told, .settled,
            ], steps: ["for head", "keep", "keep", "handle for nothing", "write", "goOn for request"], phase: .idle),
        Row(
            name: "a request whose body does not matter",
            events: [.head, .plan(closes: false), .body(4), .end, .answer(closes: false), .told],
            steps: ["answerPlanned for nothing", "write", "goOn for request"], phase: .idle),
        Row(
            name: "a body that does not come with its head is timed once",
            events: [.head, .read, .readAll, .body(1), .readAll], steps: ["for body", "keep"], phase: .receiving),
        Row(
            name: "what follows a request is held, and nothing more is read",
            events: [.head, .read, .end, .more, .more], steps: ["handle for nothing", "keep", "keep"],
            phase: .answering, mayRead: false),
        Row(
            name: "while nothing is held, the next read may come", events: [.head, .read, .end],
            steps: ["handle for nothing"], phase: .answering),
        Row(
            name: "what was held is dealt with behind the answer",
            events: [
                .head, .read, .end, .more, .answer(closes: false), .told, .drained, .head, .read, .end,
                .answer(closes: false), .told, .settled,
            ],
            steps: [
                "handle for nothing", "keep", "write", "goOn for request", "handle for nothing", "write",
                "goOn for request",
            ], phase: .idle),
        Row(
            name: "an answer that is taken while it is written is told before what was held is dealt with",
            events: [
                .head, .read, .end, .more, .answer(closes: false), .stuck, .wrote, .more, .told, .drained, .head,
            ], steps: ["handle for nothing", "keep", "write", "keep", "goOn for request"], phase: .receiving),
        Row(
            name: "each request has limits of its own",
            events: [
                .head, .read, .readAll, .body(6), .end, .answer(closes: false), .told, .head, .body(6), .readAll,
            ],
            steps: [
                "for body", "keep", "handle for nothing", "write", "goOn for request", "keep", "for body",
            ], phase: .receiving),
        Row(
            name: "a client that has not taken its answer is not asked for the next request",
            events: [
                .head, .read, .end, .answer(closes: false), .toldStuck, .more,
            ], steps: ["handle for nothing", "write", "for taking", "keep"], phase: .taking, mayRead: false),
        Row(
            name: "it may go on once it has", events: [.head, .read, .end, .answer(closes: false), .toldStuck, .wrote],
            steps: ["handle for nothing", "write", "for taking", "goOn for request"], phase: .idle),
        Row(
            name: "a writable client goes on once, whoever notices first",
            events: [
                .head, .read, .end, .answer(closes: false), .toldStuck, .wrote, .head, .read, .end, .wrote,
            ], steps: ["handle for nothing", "write", "for taking", "goOn for request", "handle for nothing"],
            phase: .answering),
        Row(
            name: "behind a last request nothing is read", events: [.lastHead, .read, .end],
            steps: ["handle for nothing!"], phase: .answering, mayRead: false),
    ]

    static let bodies = [
        Row(
            name: "a body that is announced too long is refused before it comes", events: [.longHead, .read],
            steps: ["refuse tooLarge"], phase: .answering, mayRead: false),
        Row(
            name: "a body that turns out too long is refused", events: [.head, .read, .body(10), .body(1)],
            steps: ["keep", "refuse tooLarge"], phase: .answering, mayRead: false),
        Row(
            name: "a body that is too long while nothing is decided is refused, and the decision comes too late",
            events: [.head, .body(11), .read, .answer(closes: true), .plan(closes: false)],
            steps: ["refuse tooLarge", "writeLast for taking!"], phase: .closing),
        Row(
            name: "who is refused does not get to know the limit",
            events: [.head, .plan(closes: false), .body(11), .answer(closes: false)],
            steps: ["answerPlanned", "writeLast for taking!"], phase: .closing),
        Row(
            name: "a refused body that is announced too long is not waited for",
            events: [.longHead, .plan(closes: false)], steps: ["answerPlanned"], phase: .answering, mayRead: false),
        Row(
            name: "a client that waits to be asked is asked",
            events: [.expectingHead, .read, .invited, .body(3), .end], steps: ["invite", "keep", "handle for nothing"],
            phase: .answering),
        Row(
            name: "a refused client is not asked", events: [.expectingHead, .plan(closes: false)],
            steps: ["answerPlanned"], phase: .answering, mayRead: false),
        Row(
            name: "a client that did not wait to be asked is asked when it is decided on, and answered",
            events: [.expectingHead, .body(3), .end, .read, .invited],
            steps: ["keep", "for nothing", "invite", "handle"], phase: .answering),
        Row(
            name: "a decision may come behind the body", events: [.head, .body(3), .end, .more, .read],
            steps: ["keep", "for nothing", "keep", "handle"], phase: .answering, mayRead: false),
        Row(
            name: "a refusal may come behind the body",
            events: [.head, .body(3), .end, .plan(closes: false), .answer(closes: false)],
            steps: ["keep", "for nothing", "answerPlanned", "write"], phase: .ending),
        Row(
            name: "an answer that closes waits for no body", events: [.head, .plan(closes: true), .body(3), .end],
            steps: ["answerPlanned"], phase: .answering, mayRead: false),
        Row(
            name: "a spare connection is asked once",
            events: [.head, .plan(closes: false), .end, .answer(closes: false)],
            steps: ["answerPlanned for nothing!", "writeLast for taking!"], phase: .closing, isSpare: true),
    ]

    static let answers = [
        Row(
            name: "an answer counts once",
            events: [
                .head, .read, .end, .answer(closes: false), .answer(closes: false), .begin, .piece, .endStream,
            ], steps: ["handle for nothing", "write"], phase: .ending),
        Row(
            name: "no answer before the request is complete", events: [.head, .read, .answer(closes: false), .begin],
            steps: [], phase: .receiving),
        Row(
            name: "nobody answers between requests", events: [.answer(closes: false), .begin, .piece, .endStream],
            steps: [], phase: .idle),
        Row(
            name: "behind a closing answer what comes is thrown away",
            events: [
                .head, .read, .end, .more, .answer(closes: true), .more, .body(3), .end, .wroteLast, .late,
            ], steps: ["handle for nothing", "keep", "writeLast for taking!", "closeOutput for rest", "close"],
            phase: .closing),
        Row(
            name: "a client that goes away before its answer", events: [.head, .read, .end, .gone],
            steps: ["handle for nothing", "tellGone"], phase: .closed),
        Row(
            name: "a client that goes away before it is decided on", events: [.head, .end, .gone, .read],
            steps: ["for nothing", "tellGone"], phase: .closed),
        Row(
            name: "a client that goes away in the middle of its request", events: [.head, .read, .body(1), .gone],
            steps: ["keep", "tellGone"], phase: .closed),
        Row(
            name: "a client that goes away in the middle of a request that is refused",
            events: [.head, .plan(closes: false), .body(1), .gone], steps: ["tellGone"], phase: .closed),
        Row(
            name: "a client that goes away in the middle of a head", events: [.goneInHead], steps: ["tellGone"],
            phase: .closed),
        Row(
            name: "a client that goes away in the middle of a further head",
            events: [.head, .read, .end, .answer(closes: false), .wrote, .told, .goneInHead],
            steps: ["handle for nothing", "write", "goOn for request", "tellGone"], phase: .closed),
        Row(
            name: "a client that goes away in the middle of a head, cut off", events: [.stop(.cut), .goneInHead],
            steps: ["close", "tellCut"], phase: .closed),
        Row(
            name: "a client that goes away behind its answer",
            events: [
                .head, .read, .end, .answer(closes: false), .gone, .wrote, .told, .wroteLast,
            ], steps: ["handle for nothing", "write"], phase: .closed),
        Row(
            name: "an answer to nobody", events: [.head, .read, .end, .gone, .answer(closes: false), .begin],
            steps: ["handle for nothing", "tellGone"], phase: .closed),
        Row(
            name: "a connection that is gone while its last answer is written",
            events: [
                .lastHead, .read, .end, .answer(closes: false), .gone, .wroteLast,
            ], steps: ["handle for nothing!", "writeLast for taking!"], phase: .closed),
    ]

    static let streams = [
        Row(
            name: "a stream",
            events: [
                .head, .read, .end, .begin, .wrote, .piece, .wrote, .endStream, .told,
            ],
            steps: [
                "handle for nothing", "writeHead", "for sign", "writePiece", "for sign", "write", "goOn for request",
            ], phase: .idle),
        Row(
            name: "a stream begins once and is no whole answer",
            events: [.head, .read, .end, .begin, .begin, .answer(closes: false)],
            steps: ["handle for nothing", "writeHead"], phase: .streaming),
        Row(
            name: "a stream that has ended is over",
            events: [.head, .read, .end, .begin, .endStream, .piece, .endStream],
            steps: ["handle for nothing", "writeHead", "write"], phase: .ending),
        Row(
            name: "no piece before the head, and no end", events: [.head, .read, .end, .piece, .endStream],
            steps: ["handle for nothing"], phase: .answering),
        Row(
            name: "a client that does not keep up is timed", events: [.head, .read, .end, .begin, .stuck, .lateStuck],
            steps: ["handle for nothing", "writeHead", "for taking", "close"], phase: .streaming),
        Row(
            name: "one that keeps up hears a sign of life",
            events: [.head, .read, .end, .begin, .wrote, .late, .piece, .wrote],
            steps: ["handle for nothing", "writeHead", "for sign", "giveSign", "writePiece", "for sign"],
            phase: .streaming),
        Row(
            name: "the client of a stream goes away", events: [.head, .read, .end, .begin, .gone, .piece, .endStream],
            steps: ["handle for nothing", "writeHead", "tellGone"], phase: .closed),
        Row(
            name: "the head of a stream says that the connection ends with it",
            events: [.head, .read, .end, .stop(.announced), .begin],
            steps: ["handle for nothing", "quiesce", "writeHead"], phase: .streaming, mayRead: false),
        Row(
            name: "a stream that begins while the host stops ends its connection",
            events: [
                .head, .read, .end, .stop(.announced), .begin, .endStream,
            ], steps: ["handle for nothing", "quiesce", "writeHead", "writeLast for taking!"], phase: .closing),
    ]

    static let stops = [
        Row(
            name: "an answer after the announcement is the last one",
            events: [.head, .read, .end, .stop(.announced), .answer(closes: false)],
            steps: ["handle for nothing", "quiesce", "writeLast for taking!"], phase: .closing),
        Row(
            name: "half a request is given little time", events: [.head, .read, .stop(.announced), .late],
            steps: ["quiesce for body", "refuse stopping"], phase: .answering, mayRead: false),
        Row(
            name: "a connection that asks nothing ends",
            events: [
                .head, .read, .end, .answer(closes: false), .told, .stop(.closing), .looked(isMidPart: false),
            ],
            steps: [
                "handle for nothing", "write", "goOn for request", "lookSoon", "leave for taking!",
            ], phase: .closing),
        Row(
            name: "half a head is waited for, then refused",
            events: [.open, .stop(.closing), .looked(isMidPart: true), .lateMidPart],
            steps: ["for head", "lookSoon", "for arrival", "refuse stopping"], phase: .answering, mayRead: false),
        Row(
            name: "half a next head is waited for, too",
            events: [
                .head, .read, .end, .answer(closes: false), .told, .stop(.closing), .looked(isMidPart: true),
            ], steps: ["handle for nothing", "write", "goOn for request", "lookSoon", "for arrival"], phase: .idle),
        Row(
            name: "a connection just made is waited for",
            events: [.open, .stop(.closing), .looked(isMidPart: false), .late],
            steps: ["for head", "lookSoon", "for arrival", "refuse noHead"], phase: .answering, mayRead: false),
        Row(
            name: "what is being answered when the host looks is answered",
            events: [.head, .read, .end, .stop(.closing), .looked(isMidPart: false), .answer(closes: false)],
            steps: ["handle for nothing", "lookSoon", "writeLast for taking!"], phase: .closing),
        Row(
            name: "what a client has yet to take is taken first",
            events: [
                .head, .read, .end, .answer(closes: false), .toldStuck, .stop(.closing), .looked(isMidPart: false),
                .wrote,
                .settled,
            ],
            steps: [
                "handle for nothing", "write", "for taking", "lookSoon", "goOn for request", "leave for taking!",
            ], phase: .closing),
        Row(
            name: "who is cut gets no answer", events: [.head, .read, .end, .stop(.cut), .gone],
            steps: ["handle for nothing", "close", "tellCut"], phase: .closed),
        Row(
            name: "who is cut in the middle of a request gets no answer",
            events: [.head, .read, .body(1), .stop(.cut), .gone], steps: ["keep", "close", "tellCut"], phase: .closed),
        Row(
            name: "a stream is cut", events: [.head, .read, .end, .begin, .stop(.cut), .gone],
            steps: ["handle for nothing", "writeHead", "close", "tellCut"], phase: .closed),
        Row(
            name: "nobody is told of an idle connection that is cut", events: [.open, .stop(.cut), .gone],
            steps: ["for head", "close"], phase: .closed),
        Row(
            name: "who comes late gets one answer", events: [.head, .read, .end, .answer(closes: false)],
            steps: ["handle for nothing", "writeLast for taking!"], phase: .closing, stage: .closing),
    ]

    static let times = [
        Row(
            name: "no head", events: [.open, .late], steps: ["for head", "refuse noHead"], phase: .answering,
            mayRead: false),
        Row(
            name: "half a first head", events: [.open, .lateMidPart], steps: ["for head", "refuse noHead"],
            phase: .answering, mayRead: false),
        Row(
            name: "no next request", events: [.head, .read, .end, .answer(closes: false), .told, .late],
            steps: ["handle for nothing", "write", "goOn for request", "close"], phase: .idle),
        Row(
            name: "no body", events: [.head, .read, .readAll, .late], steps: ["for body", "refuse noBody"],
            phase: .answering, mayRead: false),
        Row(
            name: "no body of a refused request", events: [.head, .plan(closes: false), .readAll, .late],
            steps: ["for body", "refuse noBody"], phase: .answering, mayRead: false),
        Row(
            name: "an answer that is not taken",
            events: [.head, .read, .end, .answer(closes: false), .toldStuck, .lateStuck],
            steps: ["handle for nothing", "write", "for taking", "close"], phase: .taking),
    ]

    static let failures = [
        Row(
            name: "no request at all", events: [.open, .broken, .answer(closes: true)],
            steps: ["for head", "refuse unreadable", "writeLast for taking!"], phase: .closing),
        Row(
            name: "a body that cannot be read", events: [.head, .read, .broken, .body(1)],
            steps: ["refuse unreadable"], phase: .answering, mayRead: false),
        Row(
            name: "an answer under way has the floor", events: [.head, .read, .end, .broken, .answer(closes: false)],
            steps: ["handle for nothing", "!", "writeLast for taking!"], phase: .closing),
        Row(
            name: "while it is under way nothing is read", events: [.head, .read, .end, .broken],
            steps: ["handle for nothing", "!"], phase: .answering, mayRead: false),
        Row(
            name: "a stream too", events: [.head, .read, .end, .begin, .broken, .piece, .endStream],
            steps: ["handle for nothing", "writeHead", "!", "writePiece", "writeLast for taking!"], phase: .closing),
        Row(
            name: "behind an answer that is yet to be taken the connection ends",
            events: [
                .head, .read, .end, .answer(closes: false), .toldStuck, .broken, .wrote, .settled,
            ], steps: ["handle for nothing", "write", "for taking", "!", "goOn for request", "leave for taking!"],
            phase: .closing),
        Row(
            name: "what was held before it is answered",
            events: [
                .head, .read, .end, .more, .broken, .answer(closes: false),
            ], steps: ["handle for nothing", "keep", "!", "writeLast for taking!"], phase: .closing),
        Row(
            name: "behind the last answer nothing breaks",
            events: [
                .lastHead, .read, .end, .answer(closes: false), .broken,
            ], steps: ["handle for nothing!", "writeLast for taking!", "!"], phase: .closing),
    ]
}
