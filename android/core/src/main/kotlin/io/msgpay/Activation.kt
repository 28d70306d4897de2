package io.msgpay

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import java.io.Closeable
import java.util.concurrent.atomic.AtomicBoolean

/**
 * The activation of this handset by a code. Keep it for another [run]: a new activation makes a new key, and the code
 * may be spent on the first.
 */
public class Activation internal constructor(
    private val room: Room,
    private val native: NativeActivation,
    private val transport: Transport,
) : Closeable {
    private val begun = AtomicBoolean()
    private val running = AtomicBoolean()

    /**
     * Sends the code; after an outcome that says [Todo.TRY_AGAIN], sends the same key and code once more.
     *
     * @throws MsgPayException.Call [CallFault.OUT_OF_TURN] when it is running already, or nothing is left to try
     */
    public suspend fun run(): ActivationOutcome {
        if (!running.compareAndSet(false, true)) throw misuse(CallFault.OUT_OF_TURN)
        try {
            if (!begun.compareAndSet(false, true)) room.call(native::again)
            while (true) {
                when (val step = room.call(native::step)) {
                    is ActivationStep.Send -> exchange(step.request)
                    is ActivationStep.Concluded -> return step.outcome
                }
            }
        } finally {
            running.set(false)
        }
    }

    private suspend fun exchange(request: Request) {
        var answer: Answer? = null
        try {
            answer = transport.sendOnce(request)
        } finally {
            withContext(NonCancellable) { room.call { native.answered(answer) } }
        }
    }

    override fun close(): Unit = room.post(native::close)
}
