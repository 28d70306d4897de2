package io.msgpay

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.selects.select
import java.io.Closeable
import java.nio.Buffer
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicBoolean

/** A payment. */
public typealias Payment = Session<Review, Outcome>

/** The setting of a password. */
public typealias PasswordSetup = Session<PasswordReview, PasswordOutcome>

/** The enrolment of a biometric key. */
public typealias BiometricEnrolment = Session<BiometricReview, EnrolmentOutcome>

/**
 * One errand with an institution: a payment, the setting of a password, the enrolment of a biometric key.
 *
 * Collect [steps] once and answer each step. When the collecting coroutine is cancelled the session is cancelled with
 * it; a request that is on its way then counts as unanswered, and a payment is among [MsgPay.unresolved].
 *
 * @param R what is shown before anything is typed
 * @param O the outcome
 */
public class Session<R : Any, O : Any> internal constructor(
    private val room: Room,
    private val wire: Wire<R, O>,
    private val transport: Transport,
) : Closeable {
    private val begun = AtomicBoolean()
    private val over = AtomicBoolean()
    private val turnedBack = CompletableDeferred<Unit>()

    @Volatile
    private var entry: PasswordEntry? = null

    /** Where the step that is shown now gets its answer. */
    @Volatile
    private var asked: Reply? = null

    /**
     * What is to be done, step after step; the last one is [Step.Concluded]. Nothing is sent before it is collected,
     * and it can be collected once.
     *
     * Collecting throws [MsgPayException.Host] when a capability of the phone failed; the session is over then.
     */
    public val steps: Flow<Step<R, O>> = flow {
        if (!begun.compareAndSet(false, true)) throw misuse(CallFault.OUT_OF_TURN)
        try {
            var outcome: O? = null
            while (outcome == null) outcome = if (turnedBack.isCompleted) end() else next()
            emit(Step.Concluded(outcome))
        } finally {
            // What came of it nobody asks any more, and what is thrown here would hide why the collecting ends.
            abandon()
        }
    }

    /** Collects [steps], gives each to [answer], and returns the outcome. */
    public suspend fun run(answer: suspend (Step<R, O>) -> Unit): O {
        var outcome: O? = null
        steps.collect { step ->
            answer(step)
            if (step is Step.Concluded) outcome = step.outcome
        }
        return outcome ?: throw misuse(CallFault.BROKEN)
    }

    /**
     * Turns back, from any thread. An open keypad is wiped and [steps] conclude; what has left the handset cannot be
     * called back, and the outcome of a payment is then [Outcome.Unresolved].
     */
    public fun cancel() {
        turnedBack.complete(Unit)
        entry?.leave()
    }

    /** As [cancel]; also when the session was never collected. Closing twice is fine. */
    override fun close() {
        if (begun.compareAndSet(false, true)) abandon() else cancel()
    }

    /**
     * A page has acted in the person's stead: what it took along counts as sent and unanswered, and what it wiped or
     * turned back the library knows. The step that is shown is asked for anew.
     */
    internal suspend fun pageActed() {
        try {
            room.call { if (!over.get()) wire.answered(null) }
        } catch (fault: MsgPayException.Call) {
            // It took nothing along.
            if (fault.fault != CallFault.OUT_OF_TURN && fault.fault != CallFault.CLOSED) throw fault
        }
        asked?.offer(Answered.Again)
    }

    /** Ends the native session without anybody who waits for its outcome. */
    internal fun abandon() {
        turnedBack.complete(Unit)
        entry?.leave()
        room.post { if (over.compareAndSet(false, true)) leave() }
    }

    private suspend fun FlowCollector<Step<R, O>>.next(): O? {
        when (val turn = room.call(wire::turn)) {
            is Turn.Send -> exchange(turn.request)
            is Turn.Review -> {
                val reply = reply()
                emit(Step.Review(turn.review, reply))
                return settle(reply) { wire.accept(turn.review) }
            }
            is Turn.Enter -> {
                val reply = reply()
                val entered = PasswordEntry(room, turn.entry, reply, ::cancel).also { entry = it }
                try {
                    emit(Step.EnterPassword(entered))
                    return settle(reply)
                } finally {
                    entry = null
                    entered.leave()
                }
            }
            is Turn.Confirm -> {
                val reply = reply()
                emit(Step.ConfirmBiometric(turn.confirmation, reply))
                return settle(reply)
            }
            is Turn.Working -> {
                emit(Step.Working)
                orTurnedBack { delay(turn.retryAfterMs) } ?: return end()
                room.call(wire::resolve)
            }
            is Turn.Unresolved -> {
                val reply = reply()
                emit(Step.Unresolved(turn.institution, turn.payOrderNo, reply))
                return settle(reply)
            }
            is Turn.Concluded -> {
                room.call { if (over.compareAndSet(false, true)) wire.free() }
                return turn.outcome
            }
        }
        return null
    }

    /** For the step that comes: a page may answer it while whoever collects is still showing it. */
    private fun reply() = Reply().also { asked = it }

    /** Waits for the answer to a step and hands it on. Gives the outcome when the person turned back. */
    private suspend fun settle(reply: Reply, accept: () -> Unit = { throw misuse(CallFault.OUT_OF_TURN) }): O? {
        when (val answer = orTurnedBack { reply.wait() } ?: return end()) {
            Answered.Accepted -> room.call(accept)
            is Answered.Entered -> room.call { answer.sealed.use(wire::entered) }
            is Answered.Confirmed -> room.call { wire.confirmed(answer.signature) }
            Answered.ByPassword -> room.call(wire::byPassword)
            Answered.BiometricLost -> room.call(wire::biometricLost)
            Answered.Resolve -> room.call(wire::resolve)
            Answered.TurnedBack -> return end()
            Answered.Again -> Unit
        }
        return null
    }

    private suspend fun exchange(request: Request) {
        // Turning back does not wait for an answer. What may have paid is unresolved then: the library knows what it gave out.
        val sent = orTurnedBack { Sent(transport.sendOnce(request)) } ?: return
        room.call { wire.answered(sent.answer) }
    }

    private class Sent(val answer: Answer?)

    /** Cancels the native session; gives its outcome. */
    private suspend fun end(): O = room.call {
        if (!over.compareAndSet(false, true)) throw misuse(CallFault.OUT_OF_TURN)
        leave()
    }

    private fun leave(): O =
        try {
            wire.cancel()
        } finally {
            wire.free()
        }

    private suspend fun <T : Any> orTurnedBack(work: suspend () -> T): T? = coroutineScope {
        val working = async { work() }
        try {
            select {
                working.onAwait { it }
                turnedBack.onAwait { null }
            }
        } finally {
            working.cancel()
        }
    }
}

/** Bytes where the library can read them without a copy. */
internal fun direct(bytes: ByteArray): ByteBuffer = ByteBuffer.allocateDirect(bytes.size).also {
    it.put(bytes)
    // Before API 28 only the class above has it.
    (it as Buffer).flip()
}
