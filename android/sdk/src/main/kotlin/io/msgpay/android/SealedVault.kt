package io.msgpay.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import io.msgpay.HostFailure
import io.msgpay.VaultHost
import java.security.GeneralSecurityException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Records under a key of the Android Keystore (AES-256-GCM, the record's name authenticated): bytes of another phone,
 * or of another record, are not taken.
 */
internal class SealedVault(private val records: VaultHost) : VaultHost {
    override fun put(name: String, record: ByteArray) {
        val sealed = keystore {
            val cipher = Cipher.getInstance(FORM).apply { init(Cipher.ENCRYPT_MODE, key()) }
            cipher.updateAAD(name.encodeToByteArray())
            cipher.iv + cipher.doFinal(record)
        }
        records.put(name, sealed)
    }

    override fun record(name: String): ByteArray? {
        val sealed = records.record(name) ?: return null
        return keystore {
            if (sealed.size < IV) throw HostFailure.Failed()
            val cipher = Cipher.getInstance(FORM)
            cipher.init(Cipher.DECRYPT_MODE, key(), GCMParameterSpec(TAG_BITS, sealed, 0, IV))
            cipher.updateAAD(name.encodeToByteArray())
            cipher.doFinal(sealed, IV, sealed.size - IV)
        }
    }

    override fun remove(name: String): Unit = records.remove(name)

    override fun names(): List<String> = records.names()

    private fun key(): SecretKey = AndroidKeystore.keys().getKey(ALIAS, null) as? SecretKey ?: made()

    private fun made(): SecretKey =
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, "AndroidKeyStore").run {
            init(
                KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                    .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                    .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                    .setKeySize(KEY_BITS)
                    .build(),
            )
            generateKey()
        }

    private fun <T> keystore(work: () -> T): T =
        try {
            work()
        } catch (_: GeneralSecurityException) {
            throw HostFailure.Failed()
        }

    private companion object {
        const val FORM = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val TAG_BITS = 128
        const val IV = 12

        /** The alias of no key of the core's: those have a slash less. */
        val ALIAS = AndroidKeystore.alias("vault/records")
    }
}
