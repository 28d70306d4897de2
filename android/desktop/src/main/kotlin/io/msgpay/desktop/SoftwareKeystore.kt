package io.msgpay.desktop

import io.msgpay.BiometricAnswer
import io.msgpay.Confirmation
import io.msgpay.HostFailure
import io.msgpay.KeyGuard
import io.msgpay.KeystoreHost
import io.msgpay.P256
import io.msgpay.Suite
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.PrivateKey
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.ConcurrentHashMap

/**
 * A key store in this process's memory, for tests: P-256 by the Java runtime. It makes no key of another suite, and
 * signs by a biometric key only through [finger].
 */
public class SoftwareKeystore : KeystoreHost {
    private class Held(val pair: KeyPair, val guard: KeyGuard)

    private val keys = ConcurrentHashMap<String, Held>()

    /** While it is true every call fails. */
    @Volatile
    public var fails: Boolean = false

    /** The person: puts the finger on whenever asked. */
    public fun finger(confirmation: Confirmation): BiometricAnswer {
        val held = keys[confirmation.keyName] ?: return BiometricAnswer.KeyLost
        return BiometricAnswer.Signed(signature(held.pair.private, confirmation.message))
    }

    /** Another finger is enrolled: the phone gives up every biometric key. */
    public fun enrolAnotherFinger() {
        keys.values.removeIf { it.guard == KeyGuard.BIOMETRIC }
    }

    override fun makeKey(name: String, suite: Suite, guard: KeyGuard): ByteArray {
        if (fails || suite != Suite.INTERNATIONAL) throw HostFailure.Failed()
        val pair = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
        keys[name] = Held(pair, guard)
        return P256.point(pair.public as ECPublicKey)
    }

    override fun sign(name: String, message: ByteArray): ByteArray {
        val held = keys[name]
        if (fails || held == null || held.guard != KeyGuard.DEVICE) throw HostFailure.Failed()
        return signature(held.pair.private, message)
    }

    override fun forgetKey(name: String) {
        if (fails) throw HostFailure.Failed()
        keys.remove(name)
    }

    private fun signature(key: PrivateKey, message: ByteArray): ByteArray =
        P256.raw(Signature.getInstance("SHA256withECDSA").apply { initSign(key); update(message) }.sign())
}
