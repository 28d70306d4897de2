package io.msgpay

/**
 * What a session wants now. Each step takes its answer itself, once and from any thread; a second answer is
 * [CallFault.OUT_OF_TURN]. [Concluded] is the last one.
 *
 * @param R what is shown before anything is typed
 * @param O the outcome
 */
public sealed interface Step<out R : Any, out O : Any> {
    /**
     * Show [review]; then [accept] or [cancel].
     *
     * @property review verified: it is what the institution signed
     */
    public class Review<out R : Any> internal constructor(public val review: R, private val reply: Reply) : Step<R, Nothing> {
        /** The person saw this and wants it. */
        public fun accept(): Unit = reply.give(Answered.Accepted)

        /** The person turns back. */
        public fun cancel(): Unit = reply.give(Answered.TurnedBack)
    }

    /**
     * Have the password typed: open a keypad, or give [entry] to a keypad view. The session goes on when the keypad is
     * confirmed. When the keypad's entry is wiped before that, this step comes again with a fresh entry.
     *
     * @property entry what is to be typed
     */
    public class EnterPassword internal constructor(public val entry: PasswordEntry) : Step<Nothing, Nothing> {
        /** The person turns back. An open keypad is wiped. */
        public fun cancel(): Unit = entry.turnBack()
    }

    /**
     * Have the phone's own prompt release the biometric key.
     *
     * @property confirmation what is to be signed, and by which key
     */
    public class ConfirmBiometric internal constructor(
        public val confirmation: Confirmation,
        private val reply: Reply,
    ) : Step<Nothing, Nothing> {
        /** Whether the person may type the password instead. */
        public val orPassword: Boolean get() = confirmation.orPassword

        /** Asks [signer] and gives its answer. */
        public suspend fun confirmWith(signer: BiometricSigner) {
            when (val answer = signer.sign(confirmation)) {
                is BiometricAnswer.Signed -> confirmed(answer.signature)
                BiometricAnswer.ByPassword -> byPassword()
                BiometricAnswer.KeyLost -> keyLost()
                BiometricAnswer.Cancelled -> cancel()
            }
        }

        /** The key has signed: 64 bytes, `r ‖ s`. */
        public fun confirmed(signature: ByteArray) {
            if (signature.size != SIGNATURE_BYTES) throw misuse(CallFault.SIGNATURE_SHAPE)
            reply.give(Answered.Confirmed(signature))
        }

        /** The person types the password instead. Only where [orPassword] says so. */
        public fun byPassword() {
            if (!orPassword) throw misuse(CallFault.NO_OTHER_WAY)
            reply.give(Answered.ByPassword)
        }

        /** The phone no longer has the key: another finger or face was enrolled. */
        public fun keyLost(): Unit = reply.give(Answered.BiometricLost)

        /** The person turns back. */
        public fun cancel(): Unit = reply.give(Answered.TurnedBack)
    }

    /** The institution works on it; the session asks again by itself. Nothing is to be done. */
    public object Working : Step<Nothing, Nothing>

    /**
     * The request may have paid and no answer came. Nothing may be paid anew: [ask], or [leave] it and ask later by
     * [MsgPay.resolve].
     *
     * @property institution the institution to ask
     * @property payOrderNo the order to ask about
     */
    public class Unresolved internal constructor(
        public val institution: String,
        public val payOrderNo: String,
        private val reply: Reply,
    ) : Step<Nothing, Nothing> {
        /** Asks the institution now. */
        public fun ask(): Unit = reply.give(Answered.Resolve)

        /** Ends the session; its outcome is [Outcome.Unresolved]. */
        public fun leave(): Unit = reply.give(Answered.TurnedBack)
    }

    /**
     * The end.
     *
     * @property outcome what came of it, and what to do now
     */
    public class Concluded<out O : Any> internal constructor(public val outcome: O) : Step<Nothing, O>

    private companion object {
        const val SIGNATURE_BYTES = 64
    }
}
