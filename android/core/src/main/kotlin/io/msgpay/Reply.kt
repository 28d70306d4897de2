package io.msgpay

import kotlinx.coroutines.CompletableDeferred

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
    private val given = CompletableDeferred<Answered>()

    /** @throws MsgPayException.Call for a second answer */
    fun give(answer: Answered) {
        if (!given.complete(answer)) throw misuse(CallFault.OUT_OF_TURN)
    }

    /** For answers that may come too late without being anybody's mistake. */
    fun offer(answer: Answered): Boolean = given.complete(answer)

    suspend fun wait(): Answered = given.await()
}
