package io.msgpay.android

import android.app.Activity
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import android.security.keystore.KeyPermanentlyInvalidatedException
import io.msgpay.BiometricAnswer
import io.msgpay.BiometricSigner
import io.msgpay.Confirmation
import io.msgpay.P256
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import java.security.GeneralSecurityException
import java.security.ProviderException
import java.security.Signature
import java.security.UnrecoverableKeyException
import kotlin.coroutines.resume

/**
 * The phone's own prompt, which releases the biometric key for one signature. Before Android 9 there is no such prompt
 * and no such key: the password remains.
 *
 * @param activity over which the prompt is shown
 */
public class BiometricKey(private val activity: Activity) : BiometricSigner {
    override suspend fun sign(confirmation: Confirmation): BiometricAnswer {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return BiometricAnswer.KeyLost
        return try {
            val ready = withContext(Dispatchers.IO) { ready(confirmation.keyName) } ?: return BiometricAnswer.KeyLost
            when (val said = Prompt(activity, confirmation.orPassword).ask(ready)) {
                is Said.Released -> signed(said.signature, confirmation)
                Said.OtherWay -> notNow(confirmation)
                Said.TurnedBack -> BiometricAnswer.Cancelled
            }
        } catch (_: GeneralSecurityException) {
            // What the key store cannot do now it may do the next time: no key is given up for that.
            notNow(confirmation)
        } catch (_: ProviderException) {
            notNow(confirmation)
        }
    }

    private fun notNow(confirmation: Confirmation): BiometricAnswer =
        if (confirmation.orPassword) BiometricAnswer.ByPassword else BiometricAnswer.Cancelled

    private fun ready(name: String): Signature? =
        try {
            AndroidKeystore.signature(name)
        } catch (_: KeyPermanentlyInvalidatedException) {
            null
        } catch (_: UnrecoverableKeyException) {
            // How some phones say the same.
            null
        }

    private suspend fun signed(signature: Signature, confirmation: Confirmation): BiometricAnswer =
        withContext(Dispatchers.IO) {
            try {
                signature.update(confirmation.message)
                BiometricAnswer.Signed(P256.raw(signature.sign()))
            } catch (_: GeneralSecurityException) {
                // Given up between the finger and the signature.
                BiometricAnswer.KeyLost
            }
        }
}

/** What came of a prompt. */
internal sealed interface Said {
    class Released(val signature: Signature) : Said

    /** The person wants another way, or the phone has none of this one now: locked out, no hardware, time over. */
    object OtherWay : Said

    object TurnedBack : Said
}

/** One prompt. API 28. */
internal class Prompt(private val activity: Activity, private val orPassword: Boolean) {
    suspend fun ask(signature: Signature): Said = suspendCancellableCoroutine { waiting ->
        val signal = CancellationSignal()
        waiting.invokeOnCancellation { signal.cancel() }
        val other = activity.getString(if (orPassword) R.string.msgpay_type_instead else R.string.msgpay_cancel)
        val answered = { said: Said -> if (waiting.isActive) waiting.resume(said) }
        BiometricPrompt.Builder(activity)
            .setTitle(activity.getString(R.string.msgpay_touch_ask))
            .setNegativeButton(other, activity.mainExecutor) { _, _ ->
                answered(if (orPassword) Said.OtherWay else Said.TurnedBack)
            }
            .build()
            .authenticate(BiometricPrompt.CryptoObject(signature), signal, activity.mainExecutor, Heard(answered))
    }

    private class Heard(private val answered: (Said) -> Unit) : BiometricPrompt.AuthenticationCallback() {
        override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult) {
            // Only the signature that the prompt has released signs.
            val signature = result.cryptoObject?.signature
            answered(if (signature == null) Said.OtherWay else Said.Released(signature))
        }

        override fun onAuthenticationError(code: Int, message: CharSequence?) {
            answered(if (code in TURNED_BACK) Said.TurnedBack else Said.OtherWay)
        }
    }

    private companion object {
        val TURNED_BACK = setOf(BiometricPrompt.BIOMETRIC_ERROR_CANCELED, BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED)
    }
}
