package io.msgpay

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.future.future
import java.io.Closeable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.function.Consumer

/**
 * The SDK for Java. Each call gives a future; cancelling the future cancels what it stands for.
 *
 * @param executor where steps are shown, for example the main thread's
 */
public class MsgPayFutures private constructor(private val msgpay: MsgPay, executor: Executor) : Closeable {
    private val scope = CoroutineScope(SupervisorJob() + executor.asCoroutineDispatcher())

    /** As [MsgPay.launch]. */
    public fun launch(link: String): CompletableFuture<Session<Review, Outcome>> = scope.future { msgpay.launch(link) }

    /** As [MsgPay.resolve]. */
    public fun resolve(institution: String, payOrderNo: String): CompletableFuture<Session<Review, Outcome>> =
        scope.future { msgpay.resolve(institution, payOrderNo) }

    /** As [MsgPay.unresolved]. */
    public fun unresolved(): CompletableFuture<List<OpenPayment>> = scope.future { msgpay.unresolved() }

    /** As [MsgPay.setPassword]. */
    public fun setPassword(institution: String): CompletableFuture<Session<PasswordReview, PasswordOutcome>> =
        scope.future { msgpay.setPassword(institution) }

    /** As [MsgPay.enrolBiometric]. */
    public fun enrolBiometric(institution: String): CompletableFuture<Session<BiometricReview, EnrolmentOutcome>> =
        scope.future { msgpay.enrolBiometric(institution) }

    /** As [MsgPay.forgetBiometric]. */
    public fun forgetBiometric(institution: String): CompletableFuture<Void?> = done { msgpay.forgetBiometric(institution) }

    /** As [MsgPay.membership]; the future holds nothing before activation. */
    public fun membership(institution: String): CompletableFuture<Membership?> =
        scope.future { msgpay.membership(institution) }

    /** As [MsgPay.activate], and runs it. */
    public fun activate(institution: String, code: String): CompletableFuture<ActivationOutcome> =
        scope.future { msgpay.activate(institution, code).use { it.run() } }

    /** Runs [session]: gives each step to [answer], on the executor, and the outcome at the end. */
    public fun <R : Any, O : Any> run(session: Session<R, O>, answer: Consumer<Step<R, O>>): CompletableFuture<O> =
        scope.future { session.run { answer.accept(it) } }

    /** As [PasswordEntry.open]. */
    public fun open(entry: PasswordEntry, surface: Surface, facePx: Int): CompletableFuture<Keypad> =
        scope.future { entry.open(surface, facePx) }

    /** As [PasswordEntry.openSpoken]. */
    public fun openSpoken(entry: PasswordEntry, surface: Surface, facePx: Int, language: Language): CompletableFuture<Keypad> =
        scope.future { entry.openSpoken(surface, facePx, language) }

    /** As [Keypad.confirm]. */
    public fun confirm(keypad: Keypad): CompletableFuture<Void?> = done(keypad::confirm)

    /** As [Keypad.wipeIfIdle]. */
    public fun wipeIfIdle(keypad: Keypad): CompletableFuture<Boolean> = scope.future { keypad.wipeIfIdle() }

    /** As [Keypad.surfaceChanged]. */
    public fun surfaceChanged(keypad: Keypad, surface: Surface): CompletableFuture<Void?> = done { keypad.surfaceChanged(surface) }

    private fun done(work: suspend () -> Unit): CompletableFuture<Void?> = scope.future {
        work()
        null
    }

    override fun close(): Unit = msgpay.close()

    public companion object {
        /** Over a [msgpay] that is open already. */
        @JvmStatic
        public fun of(msgpay: MsgPay, executor: Executor): MsgPayFutures = MsgPayFutures(msgpay, executor)

        /** As [MsgPay.open]. */
        @JvmStatic
        @JvmOverloads
        public fun open(
            config: MsgPayConfig,
            phone: Phone,
            executor: Executor,
            transport: TransportMaker = HttpsTransport,
        ): CompletableFuture<MsgPayFutures> =
            CoroutineScope(SupervisorJob() + executor.asCoroutineDispatcher()).future {
                MsgPayFutures(MsgPay.open(config, phone, transport), executor)
            }
    }
}
