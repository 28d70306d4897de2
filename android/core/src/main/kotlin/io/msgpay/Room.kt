package io.msgpay

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.withContext
import java.util.Collections
import java.util.WeakHashMap
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors

/**
 * The one thread from which the library is called, and what all sessions of one [MsgPay] share.
 *
 * A call waits for a free library, never for the network. It is not given up halfway when its coroutine is cancelled:
 * whatever the library gave out is then known.
 */
internal class Room {
    private val thread: ExecutorService = Executors.newSingleThreadExecutor { work ->
        Thread(work, "msgpay").apply { isDaemon = true }
    }
    private val dispatcher = thread.asCoroutineDispatcher()
    private val open: MutableSet<Session<*, *>> = Collections.newSetFromMap(WeakHashMap())

    @Volatile
    private var closing = false

    suspend fun <T> call(work: () -> T): T {
        // From inside a capability the library waits for us: this thread would wait for itself.
        HostThread.refuse()
        if (closing) throw misuse(CallFault.CLOSED)
        // One in the other: who changes the thread alone loses the result when the coroutine is cancelled meanwhile.
        return withContext(NonCancellable) {
            withContext(dispatcher) {
                // Closed while this call waited for its turn.
                if (closing) throw misuse(CallFault.CLOSED)
                typed(work)
            }
        }
    }

    /** Runs [work] after everything that was asked before, without waiting for it. Nothing runs after [close]. */
    fun post(work: () -> Unit): Unit = synchronized(thread) {
        if (!closing) thread.execute(work)
    }

    suspend fun <S : Session<*, *>> keep(make: () -> S): S = call { make().also { synchronized(open) { open.add(it) } } }

    /** Ends all sessions, then does what is [last]. */
    fun close(last: () -> Unit) {
        val sessions = synchronized(open) { open.toList().also { open.clear() } }
        sessions.forEach { it.abandon() }
        synchronized(thread) {
            if (closing) return
            closing = true
            thread.execute(last)
            thread.shutdown()
        }
    }
}

/** A call that does not fit. */
internal fun misuse(fault: CallFault): MsgPayException = MsgPayException.Call(fault)

/**
 * Only typed errors leave the library. Its own defect arrives as an exception with text in it, and a freed object as
 * one without a type: neither's text goes on.
 */
internal inline fun <T> typed(work: () -> T): T =
    try {
        work()
    } catch (fault: MsgPayException) {
        throw fault
    } catch (_: InternalException) {
        throw misuse(CallFault.BROKEN)
    } catch (_: IllegalStateException) {
        throw misuse(CallFault.CLOSED)
    }

/** UTF-8 has no half of a surrogate pair; such text is never genuine, and becomes text that is not. */
internal fun String.wellFormed(): String = encodeToByteArray().decodeToString()
