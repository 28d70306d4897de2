package io.msgpay

/** Asks the person for a finger or a face and signs by the key which that releases. */
public fun interface BiometricSigner {
    /** Shows the phone's own prompt and signs exactly `confirmation.message` by the key `confirmation.keyName`. */
    public suspend fun sign(confirmation: Confirmation): BiometricAnswer
}

/** What came of a prompt. */
public sealed interface BiometricAnswer {
    /**
     * The key has signed.
     *
     * @property signature 64 bytes, `r ‖ s`
     */
    public class Signed(public val signature: ByteArray) : BiometricAnswer

    /** The person wants to type the password. */
    public object ByPassword : BiometricAnswer

    /** The phone has given the key up: another finger or face was enrolled. */
    public object KeyLost : BiometricAnswer

    /** The person turned back. */
    public object Cancelled : BiometricAnswer
}
