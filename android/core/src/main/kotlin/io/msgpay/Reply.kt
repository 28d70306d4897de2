package io.msgpay

import kotlinx.coroutines.CompletableDeferred
import java.util.concurrent.atomic.AtomicReference

/** What came of a step. */
internal sealed interface Answered {
    object Accepted : Answered

    class Entered(val sealed: NativeSealedEntry) : Answered

    class Confirmed(val signature: ByteArray) : Answered

    object ByPassword : Answered

    object BiometricLost : Answered

    object Resolve : Answered

    object TurnedBack : Answered

    /** The entry is gone: the step is asked for anew. */
    object Again : Answered
}

/** One answer to one step, from any thread. */
internal class Reply {
    private val first = AtomicReference<Answered>()
    private val given = CompletableDeferred<Answered>()

    /** @throws MsgPayException.Call for a second answer */
    fun give(answer: Answered) {
        if (!offer(answer)) throw misuse(CallFault.OUT_OF_TURN)
    }

    /** What was answered so far. */
    val answer: Answered? get() = first.get()

    /** For answers that may come too late without being anybody's mistake. */
    fun offer(answer: Answered): Boolean = first.compareAndSet(null, answer) && given.complete(answer)

    suspend fun wait(): Answered = given.await()
}
