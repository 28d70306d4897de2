package io.msgpay

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.future.await
import java.util.concurrent.CompletionStage

/** Carries requests to institutions. */
public fun interface Transport {
    /**
     * Sends [request] once, as it is, over a connection that is pinned to `request.institution`; never again by itself,
     * never to another address. Gives nothing when no answer came, or one of over 64 KiB. What it throws counts as no
     * answer.
     *
     * It is called in the coroutine that collects a session's steps, often the main thread's: it must not block, and ends
     * when it is cancelled.
     */
    public suspend fun send(request: Request): Answer?

    public companion object {
        /** For Java: a transport from a function that gives a future. */
        @JvmStatic
        public fun ofFuture(send: java.util.function.Function<Request, CompletionStage<Answer?>>): Transport =
            Transport { request -> send.apply(request).await() }
    }
}

/** Makes the transport of a [MsgPay] once its configuration has been read. */
public fun interface TransportMaker {
    /** Takes what it needs of [config]: institutions, authorities and pins. */
    public fun make(config: NativeConfig): Transport
}

/** A transport that fails gives no answer: whether the request arrived is the session's question, not an error. */
internal suspend fun Transport.sendOnce(request: Request): Answer? =
    try {
        send(request)
    } catch (cancelled: CancellationException) {
        // Of this coroutine, or of something that the transport waited for.
        kotlinx.coroutines.currentCoroutineContext()[kotlinx.coroutines.Job]?.let { if (it.isCancelled) throw cancelled }
        null
    } catch (_: Exception) {
        null
    }
