package io.msgpay.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import java.io.InputStream
import java.io.OutputStream
import java.security.InvalidKeyException
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.PrivateKey
import java.security.Provider
import java.security.ProviderException
import java.security.PublicKey
import java.security.SecureRandom
import java.security.Security
import java.security.Signature
import java.security.SignatureException
import java.security.SignatureSpi
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.security.spec.ECGenParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** Stands where the phone's hardware would: a provider of that name, which receives the specifications as they are. */
class FakeAndroidKeyStore : Provider("AndroidKeyStore", "1", "for tests") {
    init {
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        put("KeyPairGenerator.EC", Pairs::class.java.name)
        put("KeyGenerator.AES", Secrets::class.java.name)
        put("Signature.SHA256withECDSA", Signing::class.java.name)
        put("Signature.SHA256withECDSA SupportedKeyClasses", HardwareKey::class.java.name)
    }

    /** A key that has no bytes. */
    class HardwareKey(val pair: KeyPair, val spec: KeyGenParameterSpec) : PrivateKey {
        @Volatile
        var isGivenUp = false

        /** A live biometric has released it, once. */
        @Volatile
        var isReleased = false

        override fun getAlgorithm() = "EC"

        override fun getFormat(): String? = null

        override fun getEncoded(): ByteArray? = null
    }

    class Pairs : KeyPairGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun initialize(size: Int, random: SecureRandom?) = error("a specification is needed")

        override fun initialize(wanted: AlgorithmParameterSpec, random: SecureRandom?) {
            spec = wanted as KeyGenParameterSpec
        }

        override fun generateKeyPair(): KeyPair {
            strongBoxFault?.let { if (spec.isStrongBoxBacked) throw it }
            val curve = (spec.algorithmParameterSpec as ECGenParameterSpec).name
            val pair = KeyPairGenerator.getInstance("EC", "BC").apply { initialize(ECGenParameterSpec(curve)) }.generateKeyPair()
            keys[spec.keystoreAlias] = HardwareKey(pair, spec)
            return pair
        }
    }

    class Secrets : KeyGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun engineInit(random: SecureRandom?) = error("a specification is needed")

        override fun engineInit(size: Int, random: SecureRandom?) = error("a specification is needed")

        override fun engineInit(wanted: AlgorithmParameterSpec, random: SecureRandom?) {
            spec = wanted as KeyGenParameterSpec
        }

        override fun engineGenerateKey(): SecretKey {
            val key = KeyGenerator.getInstance("AES", "SunJCE").apply { init(spec.keySize) }.generateKey()
            keys[spec.keystoreAlias] = key
            return key
        }
    }

    class Signing : SignatureSpi() {
        private lateinit var key: HardwareKey
        private val signature = Signature.getInstance("SHA256withECDSA", "BC")

        override fun engineInitSign(wanted: PrivateKey) {
            key = wanted as? HardwareKey ?: throw InvalidKeyException()
            if (isBusy(key.spec)) throw InvalidKeyException()
            if (key.isGivenUp) throw KeyPermanentlyInvalidatedException()
            signature.initSign(key.pair.private)
        }

        override fun engineSign(): ByteArray {
            if (key.spec.isUserAuthenticationRequired && !key.isReleased) throw SignatureException("no live biometric")
            key.isReleased = false
            return signature.sign()
        }

        override fun engineUpdate(byte: Byte) = signature.update(byte)

        override fun engineUpdate(bytes: ByteArray, from: Int, length: Int) = signature.update(bytes, from, length)

        override fun engineInitVerify(key: PublicKey?) = throw InvalidKeyException()

        override fun engineVerify(bytes: ByteArray?) = throw SignatureException()

        @Deprecated("of the class above")
        override fun engineSetParameter(name: String?, value: Any?) = error("no parameters")

        @Deprecated("of the class above")
        override fun engineGetParameter(name: String?): Any = error("no parameters")
    }

    class Store : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? = keys[alias]

        override fun engineDeleteEntry(alias: String) {
            keys.remove(alias)
        }

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)

        override fun engineContainsAlias(alias: String) = alias in keys

        override fun engineSize() = keys.size

        override fun engineIsKeyEntry(alias: String) = alias in keys

        override fun engineIsCertificateEntry(alias: String) = false

        override fun engineGetCertificate(alias: String): Certificate? = null

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineGetCertificateAlias(certificate: Certificate?): String? = null

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineSetKeyEntry(alias: String, key: Key?, password: CharArray?, chain: Array<Certificate>?) = error("no import")

        override fun engineSetKeyEntry(alias: String, key: ByteArray?, chain: Array<Certificate>?) = error("no import")

        override fun engineSetCertificateEntry(alias: String, certificate: Certificate?) = error("no import")

        override fun engineStore(out: OutputStream?, password: CharArray?) = Unit

        override fun engineLoad(from: InputStream?, password: CharArray?) = Unit
    }

    companion object {
        val keys: MutableMap<String, Key> = Collections.synchronizedMap(HashMap())

        @Volatile
        var strongBoxFault: ProviderException? = null

        /** Which keys it cannot use now, for a reason that goes away. */
        @Volatile
        var isBusy: (KeyGenParameterSpec) -> Boolean = { false }

        fun install() {
            remove()
            Security.addProvider(FakeAndroidKeyStore())
        }

        fun remove() {
            Security.removeProvider("AndroidKeyStore")
            keys.clear()
            strongBoxFault = null
            isBusy = { false }
        }

        val hardware: List<HardwareKey> get() = synchronized(keys) { keys.values.filterIsInstance<HardwareKey>() }

        /** Another finger is enrolled. */
        fun enrolAnotherFinger() = hardware.filter { it.spec.isInvalidatedByBiometricEnrollment && it.spec.isUserAuthenticationRequired }.forEach { it.isGivenUp = true }
    }
}
