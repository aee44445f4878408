// Makes a call happen once however often it is sent: the answer is kept under the client's idempotency key.

import JSON
import Synchronization
import ToolSDK

/// Whose call of which tool a kept answer belongs to.
struct AnswerKey: Sendable, Hashable {
    let principal: String
    let tool: String
    let key: String
}

extension Store {
    /// Answers are kept for a week.
    private static let retention = 7 * 86_400

    /// Runs `body` in a write transaction, once for each key of a caller, and keeps its answer in that same
    /// transaction. So the answer is there exactly when the work is done, wherever the process was killed. A call that
    /// fails keeps nothing: its caller may put right what was wrong and send it again.
    ///
    /// The rules are those of draft-ietf-httpapi-idempotency-key-header-07, section 2.
    ///
    /// An answer that another release kept, in a form that is not the one of today, is given in the terms of today as
    /// far as it can be, and in words: see ``reply(of:_:)``. In no case is it a reason to do the work again.
    ///
    /// - Parameters:
    ///   - caller: With no idempotency key, `body` runs each time.
    ///   - payload: What the same key must always come with.
    /// - Throws: ``ToolError`` of kind `invalid` when the key came with another payload, `conflict` when this process
    ///   is still working on it; whatever `body` throws.
    func once<Answer: Sendable>(
        _ tool: String, _ caller: Caller, payload: String, schema: Schema<Answer>,
        _ body: (SQLiteConnection) throws -> Answer
    ) throws -> Reply<Answer> {
        guard let key = caller.idempotencyKey else { return .whole(try write(waiting: caller.patience, body)) }
        let answerKey = AnswerKey(principal: caller.principal, tool: tool, key: key)
        guard running.withLock({ $0.insert(answerKey).inserted }) else {
            throw ToolError.conflict("A call with this Idempotency-Key is still running. Wait for its answer.")
        }
        defer { _ = running.withLock { $0.remove(answerKey) } }

        let hash = SHA256.hash(payload.utf8)
        return try write(waiting: caller.patience, isKeyed: true) { connection in
            if let kept = try answer(to: answerKey, connection) {
                guard kept.hash == hash else {
                    throw ToolError.invalid(
                        "This Idempotency-Key was used with other arguments. Use a new key for a new call.")
                }
                return reply(of: kept.content, schema)
            }
            let answer = try body(connection)
            try keep(schema.encode(answer), hash, answerKey, connection)
            return .whole(answer)
        }
    }

    /// A kept answer, by the schema of today where it fits that, with members by the names they have now. Where it does
    /// not, what fits of it, and all of it in words as it was kept. One that cannot be read at all is still a sign that
    /// the work was done: an error would have it done again.
    private func reply<Answer: Sendable>(of content: [UInt8], _ schema: Schema<Answer>) -> Reply<Answer> {
        if let answer = try? schema.decode(content) { return .whole(answer) }
        let done = "This was done when it was first asked for."
        guard let document = try? JSONDocument(parsing: content) else {
            trouble.lost("an answer that was kept for an idempotency key")
            let words = done + " The answer that was given then cannot be read any more."
            return .parts([AgentWords.member: .string(words)])
        }
        let members = OutputMembers(of: schema.jsonSchema(for: .output))
        let found = members.find(in: document)
        if found.unfit.isEmpty, let answer = try? schema.decode(.object(found.fitting)) { return .whole(answer) }
        let words = done + " The answer then was: \(document.root.value)"
        return .parts(members.answer(.init(fitting: found.fitting), words: [words], otherwise: words))
    }

    private func answer(
        to key: AnswerKey, _ connection: SQLiteConnection
    ) throws(StoreError) -> (hash: [UInt8], content: [UInt8])? {
        try connection.row(
            """
            SELECT payload_hash, content FROM answer
            WHERE principal = ?1 AND tool = ?2 AND idempotency_key = ?3
            """, .text(key.principal), .text(key.tool), .text(key.key)
        ) { ($0.blob(0), $0.blob(1)) }
    }

    private func keep(
        _ content: [UInt8], _ hash: [UInt8], _ key: AnswerKey, _ connection: SQLiteConnection
    ) throws(StoreError) {
        let now = UnixTime.now
        try connection.execute("DELETE FROM answer WHERE answered_at < ?1", .integer(now - Self.retention))
        try connection.execute(
            """
            INSERT INTO answer (principal, tool, idempotency_key, payload_hash, content, answered_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            .text(key.principal), .text(key.tool), .text(key.key), .blob(hash), .blob(content), .integer(now))
    }
}
