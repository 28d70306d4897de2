package io.msgpay

import java.math.BigInteger
import java.security.interfaces.ECPublicKey

/** The shapes of P-256 that Java's key stores do not speak. For implementations of [KeystoreHost]. */
public object P256 {
    private const val HALF = 32

    /** The public point, 65 bytes, SEC1 uncompressed. */
    @JvmStatic
    public fun point(key: ECPublicKey): ByteArray = byteArrayOf(4) + fixed(key.w.affineX) + fixed(key.w.affineY)

    /**
     * A signature as 64 bytes, `r ‖ s`, from DER (RFC 3279 §2.2.3).
     *
     * @throws IllegalArgumentException when it is not the DER of two positive numbers of 32 bytes
     */
    @JvmStatic
    public fun raw(der: ByteArray): ByteArray {
        val reader = Der(der)
        reader.head(SEQUENCE, der.size - 2)
        val raw = fixed(reader.number()) + fixed(reader.number())
        require(reader.atEnd()) { SHAPE }
        return raw
    }

    private fun fixed(number: BigInteger): ByteArray {
        require(number.signum() >= 0 && number.bitLength() <= HALF * 8) { SHAPE }
        val bytes = number.toByteArray()
        val from = maxOf(0, bytes.size - HALF)
        return ByteArray(HALF).also { bytes.copyInto(it, HALF - (bytes.size - from), from) }
    }

    /** Lengths are short here: two numbers of 33 bytes at most. */
    private class Der(private val bytes: ByteArray) {
        private var at = 0

        fun head(tag: Int, length: Int) {
            require(bytes.size >= at + 2 && bytes[at].toInt() == tag && bytes[at + 1].toInt() == length) { SHAPE }
            at += 2
        }

        fun number(): BigInteger {
            require(bytes.size >= at + 2) { SHAPE }
            val length = bytes[at + 1].toInt()
            require(length in 1..HALF + 1 && bytes.size >= at + 2 + length) { SHAPE }
            head(INTEGER, length)
            return BigInteger(bytes.copyOfRange(at, at + length)).also { at += length }
        }

        fun atEnd() = at == bytes.size
    }

    private const val SEQUENCE = 0x30
    private const val INTEGER = 0x02
    private const val SHAPE = "not a signature of P-256 in DER"
}
