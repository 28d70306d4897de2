package io.msgpay

import com.sun.jna.Native
import com.sun.jna.Pointer
import java.io.Closeable
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicBoolean

/**
 * A keypad in use. It knows no characters: keys have places and pictures, a press is sealed at once, and only the
 * institution can tell what was typed.
 *
 * What a touch leads to ([press], [sound] and their like) happens at once, on the caller's thread: a key that waited in a
 * coroutine would lie on the heap after its press, one object for each, in the order of typing. After a press keep nothing
 * of it either: no key, no touch, no event; no lambda or message may hold one. Once it is confirmed, cancelled, closed or wiped every call is [KeypadFault.CLOSED].
 *
 * @property keys where the keys lie
 */
public class Keypad internal constructor(
    private val room: Room,
    private val native: NativeKeypad,
    public val keys: List<Key>,
    private val reply: Reply,
) : Closeable {
    private val closed = AtomicBoolean()

    /** Memory that the library writes into now: it must not be freed meanwhile. (`reachabilityFence` is of API 28.) */
    @Volatile
    private var held: ByteBuffer? = null

    /** Presses a key that types a character or takes one back; gives the number of characters now entered. */
    public fun press(key: Key): Int = now {
        when (val action = key.action) {
            is KeyAction.Slot -> native.press(action.slot)
            KeyAction.Delete -> native.erase()
            KeyAction.Confirm, is KeyAction.Page -> throw misuse(CallFault.NO_SUCH_KEY)
        }.toInt()
    }

    /** Takes the last character back; gives the number left. */
    public fun erase(): Int = now { native.erase().toInt() }

    /** Takes all characters back. */
    public fun clear(): Int = now { native.clear().toInt() }

    /**
     * Closes the envelope and gives it to the session, which goes on.
     *
     * @throws MsgPayException.Keypad [KeypadFault.LENGTH] leaves the entry as it is
     */
    public suspend fun confirm() {
        val sealed = call(native::confirm)
        end()
        // The session may have been cancelled meanwhile; the envelope then goes nowhere.
        if (!reply.offer(Answered.Entered(sealed))) room.post(sealed::close)
    }

    /**
     * Copies a key's picture into [face]: `widthPx × heightPx` bytes, row after row, 0 clear, 255 ink. Fill it with
     * zeros as soon as the picture is on the screen, or take [face] for that.
     *
     * @param face direct, writable, with exactly as many bytes remaining
     * @throws MsgPayException.Call [CallFault.PICTURE_MEMORY] for other memory
     */
    public fun draw(key: Key, face: ByteBuffer): Unit = fill(face) { address, bytes ->
        native.draw(key.index.toUInt(), address, bytes)
    }

    /** A key's picture in memory of its own. Close it as soon as the picture is on the screen. */
    public fun face(key: Key): Face {
        val face = Face(key.widthPx, key.heightPx)
        try {
            draw(key, face.alpha)
            return face
        } catch (fault: Throwable) {
            face.close()
            throw fault
        }
    }

    /**
     * Copies a key's sound into [clip]: `samples` signed 16-bit samples of 16 kHz, one channel, in this machine's byte
     * order. Play it on a private route and fill it with zeros.
     */
    public fun sound(key: Key, clip: ByteBuffer): Unit = fill(clip) { address, bytes ->
        native.sound(key.index.toUInt(), address, bytes)
    }

    /** Wipes if there was no press for three minutes; says whether nothing is left. To be called by a timer. */
    public suspend fun wipeIfIdle(): Boolean = call(native::wipeIfIdle).also { if (it) again() }

    /** To be called whenever what was promised of the surface may have changed. Another promise than before wipes. */
    public suspend fun surfaceChanged(surface: Surface): Unit = call { native.surfaceChanged(surface) }

    /** The system tells of a screenshot, a recording or a mirror: wipes. */
    public fun captureDetected(): Unit = wipe(native::captureDetected)

    /**
     * Wipes: when the application leaves the foreground, when the phone is turned. The session gives its step again,
     * with a fresh entry. Wiping twice is fine.
     */
    public fun cancel(): Unit = wipe(native::cancel)

    /** As [cancel]. */
    override fun close(): Unit = cancel()

    private fun wipe(how: () -> Unit) {
        if (!closed.compareAndSet(false, true)) return
        room.post {
            try {
                how()
            } finally {
                native.close()
            }
        }
        reply.offer(Answered.Again)
    }

    private suspend fun <T> call(work: () -> T): T {
        if (closed.get()) throw gone()
        try {
            return room.call {
                // Closed while this call waited for its turn.
                if (closed.get()) throw gone()
                work()
            }
        } catch (fault: MsgPayException.Keypad) {
            if (fault.wiped) again()
            throw fault
        }
    }

    /** Inlined with all that it calls, so that nothing is made that would hold a key. */
    private inline fun <T> now(work: () -> T): T {
        HostThread.refuse()
        if (closed.get()) throw gone()
        try {
            return typed(work)
        } catch (fault: MsgPayException.Keypad) {
            if (fault.wiped) again()
            throw fault
        } catch (fault: MsgPayException.Call) {
            // Closed by another thread while this call was on its way.
            if (closed.get()) throw gone()
            throw fault
        }
    }

    private inline fun fill(memory: ByteBuffer, copy: (ULong, ULong) -> Unit) {
        if (!memory.isDirect || memory.isReadOnly) throw misuse(CallFault.PICTURE_MEMORY)
        now {
            held = memory
            val start = Pointer.nativeValue(Native.getDirectBufferPointer(memory)) + memory.position()
            try {
                copy(start.toULong(), memory.remaining().toULong())
            } finally {
                held = null
            }
        }
    }

    /** The entry is gone: the session asks for its step anew. */
    private fun again() {
        end()
        reply.offer(Answered.Again)
    }

    private fun end() {
        if (closed.compareAndSet(false, true)) room.post(native::close)
    }

    private fun gone() = MsgPayException.Keypad(KeypadFault.CLOSED, true)
}
