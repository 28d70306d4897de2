package io.msgpay.android

import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import io.msgpay.HostFailure
import io.msgpay.KeyGuard
import io.msgpay.KeystoreHost
import io.msgpay.P256
import io.msgpay.Suite
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec

/**
 * Keys in the Android Keystore: P-256, in StrongBox where the phone has it, never exported. It makes no key of another
 * suite, and no biometric key before Android 9.
 */
public class AndroidKeystore(private val context: Context) : KeystoreHost {
    override fun makeKey(name: String, suite: Suite, guard: KeyGuard): ByteArray {
        if (suite != Suite.INTERNATIONAL) throw HostFailure.Failed()
        if (guard == KeyGuard.BIOMETRIC && Build.VERSION.SDK_INT < Build.VERSION_CODES.P) throw HostFailure.Failed()
        return P256.point(strongest { generate(spec(name, guard, it)) }.public as ECPublicKey)
    }

    override fun sign(name: String, message: ByteArray): ByteArray {
        val signature = signature(name) ?: throw HostFailure.Failed()
        return P256.raw(signature.run { update(message); sign() })
    }

    override fun forgetKey(name: String): Unit = keys().deleteEntry(alias(name))

    /** In StrongBox, or where the phone keeps keys otherwise. A StrongBox may be there and be full; not all say so alike. */
    private fun strongest(make: (Boolean) -> KeyPair): KeyPair {
        val box = Build.VERSION.SDK_INT >= Build.VERSION_CODES.P &&
            context.packageManager.hasSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE)
        if (!box) return make(false)
        return try {
            make(true)
        } catch (_: ProviderException) {
            make(false)
        }
    }

    private fun generate(spec: KeyGenParameterSpec): KeyPair =
        KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, STORE).apply { initialize(spec) }.generateKeyPair()

    private fun spec(name: String, guard: KeyGuard, inStrongBox: Boolean): KeyGenParameterSpec =
        KeyGenParameterSpec.Builder(alias(name), KeyProperties.PURPOSE_SIGN).run {
            setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
            setDigests(KeyProperties.DIGEST_SHA256)
            if (guard == KeyGuard.BIOMETRIC) live()
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) setIsStrongBoxBacked(inStrongBox)
            build()
        }

    /** A live biometric for each single signature; no more once another finger or face is enrolled. */
    private fun KeyGenParameterSpec.Builder.live() {
        setUserAuthenticationRequired(true)
        setInvalidatedByBiometricEnrollment(true)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            setUserAuthenticationParameters(0, KeyProperties.AUTH_BIOMETRIC_STRONG)
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) setUnlockedDeviceRequired(true)
    }

    internal companion object {
        private const val STORE = "AndroidKeyStore"

        fun keys(): KeyStore = KeyStore.getInstance(STORE).apply { load(null) }

        /** The application's own keys have other names. */
        fun alias(name: String): String = "io.msgpay/$name"

        /** Ready to sign by the key [name]; nothing when the phone has no such key, or has given it up. */
        fun signature(name: String): Signature? {
            val key = keys().getKey(alias(name), null) as? PrivateKey ?: return null
            return Signature.getInstance("SHA256withECDSA").apply { initSign(key) }
        }
    }
}
