package io.msgpay

import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive

/**
 * What is to be typed, before any keypad exists. It opens once; a keypad that is wiped leads to a fresh entry in the
 * session's next step.
 */
public class PasswordEntry internal constructor(
    private val room: Room,
    private val native: NativeEntry,
    private val reply: Reply,
    private val cancelSession: () -> Unit,
) {
    @Volatile
    private var keypad: Keypad? = null

    @Volatile
    private var left = false

    /** What it is for: the password, a new one, or the new one again. */
    public val purpose: EntryUse = native.purpose()

    /** How many characters confirm. */
    public val lengthMin: Int = native.lengthMin().toInt()

    /** How many characters are taken. */
    public val lengthMax: Int = native.lengthMax().toInt()

    /**
     * Shuffles and opens a keypad.
     *
     * @param surface what the caller promises of the surface that the keypad is drawn on
     * @param facePx pixels of a face's side; the nearest of 24 to 512 is taken, and [Key] says which
     * @throws MsgPayException.Keypad when the promise is not enough or the institution does not allow this keypad
     */
    public suspend fun open(surface: Surface, facePx: Int): Keypad =
        opened { native.open(surface, facePx.toFacePx()) }

    /** The same for somebody who does not see: each key has a sound instead, for one person's ear. */
    public suspend fun openSpoken(surface: Surface, facePx: Int, language: Language): Keypad =
        opened { native.openSpoken(surface, facePx.toFacePx(), language) }

    private suspend fun opened(open: () -> NativeKeypad): Keypad {
        val made = room.call {
            val native = open()
            Keypad(room, native, native.keys().mapIndexed(::Key), reply).also { keypad = it }
        }
        // The session has gone on, or whoever asked is gone: nobody else would wipe it.
        if (left || !currentCoroutineContext().isActive) made.close()
        currentCoroutineContext().ensureActive()
        return made
    }

    internal fun turnBack() {
        when {
            reply.offer(Answered.TurnedBack) -> keypad?.close()
            // Wiped by itself a moment ago: the person turns back from the step that would come again.
            reply.answer == Answered.Again -> cancelSession()
            else -> throw misuse(CallFault.OUT_OF_TURN)
        }
    }

    /** The session has gone on: nothing of the entry stays. */
    internal fun leave() {
        left = true
        keypad?.close()
        room.post(native::close)
    }

    private companion object {
        /** The library narrows it to 24 to 512. */
        fun Int.toFacePx(): UShort = coerceIn(0, UShort.MAX_VALUE.toInt()).toUShort()
    }
}
