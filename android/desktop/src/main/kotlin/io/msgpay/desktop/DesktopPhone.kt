package io.msgpay.desktop

import io.msgpay.BiometricSigner
import io.msgpay.ClockHost
import io.msgpay.HostFailure
import io.msgpay.Keypad
import io.msgpay.Phone
import io.msgpay.Surface
import io.msgpay.VaultHost
import java.util.concurrent.TimeUnit

/**
 * A phone for tests on a build machine: fakes where hardware would be, each with a switch that makes it fail. Use it
 * again for another `MsgPay` to see what an application sees after its process has died.
 *
 * @property keystore its keys
 */
public class DesktopPhone(vault: VaultHost = MemoryVault(), public val keystore: SoftwareKeystore = SoftwareKeystore()) {
    private val vault = SwitchedVault(vault)

    /** While it is true the keystore fails. */
    public var keystoreFails: Boolean by keystore::fails

    /** While it is true the vault fails. */
    public var vaultFails: Boolean by this.vault::fails

    /** How far ahead of this machine's its clock is. */
    @Volatile
    public var clockAheadS: Long = 0

    @Volatile
    private var shown: Keypad? = null

    /** What it gives to the SDK. */
    public val capabilities: Phone = Phone(keystore, this.vault, AheadClock())

    /** A person who puts the finger on whenever asked. */
    public val finger: BiometricSigner = BiometricSigner(keystore::finger)

    /** A screen that keeps all promises: nobody sees it. */
    public val surface: Surface = Surface(
        captureBlocked = true,
        obscuredTouchesFiltered = true,
        noTextField = true,
        nothingKept = true,
        audioPrivate = true,
    )

    /** Another finger is enrolled: biometric keys are gone. */
    public fun enrolAnotherFinger(): Unit = keystore.enrolAnotherFinger()

    /** [keypad] is on the screen now. */
    public fun show(keypad: Keypad) {
        shown = keypad
    }

    /** Somebody takes a screenshot, and the system tells. */
    public fun screenshot() {
        shown?.captureDetected()
        shown = null
    }

    private inner class AheadClock : ClockHost {
        override fun unixMs(): Long = System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(clockAheadS)

        override fun bootMs(): Long = System.nanoTime() / 1_000_000 + TimeUnit.SECONDS.toMillis(clockAheadS)
    }
}

private class SwitchedVault(private val vault: VaultHost) : VaultHost {
    @Volatile
    var fails = false

    override fun put(name: String, record: ByteArray) = unless { vault.put(name, record) }

    override fun record(name: String): ByteArray? = unless { vault.record(name) }

    override fun remove(name: String) = unless { vault.remove(name) }

    override fun names(): List<String> = unless { vault.names() }

    private fun <T> unless(work: () -> T): T = if (fails) throw HostFailure.Failed() else work()
}
