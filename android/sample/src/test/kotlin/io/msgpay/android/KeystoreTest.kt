package io.msgpay.android

import android.content.pm.PackageManager
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import io.msgpay.FileVault
import io.msgpay.HostFailure
import io.msgpay.KeyGuard
import io.msgpay.P256
import io.msgpay.Suite
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.security.ProviderException
import java.security.Signature
import java.security.interfaces.ECPublicKey

/** What this phone keeps: keys as they are asked of the Android Keystore, records as they lie on the disk. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class)
class KeystoreTest {
    private val context get() = RuntimeEnvironment.getApplication()

    @Before
    fun hardware() = FakeAndroidKeyStore.install()

    @After
    fun noHardware() = FakeAndroidKeyStore.remove()

    @Test
    fun `a device key signs, and its public point is the key's`() {
        val keystore = AndroidKeystore(context)
        val point = keystore.makeKey("device", Suite.INTERNATIONAL, KeyGuard.DEVICE)
        val held = FakeAndroidKeyStore.hardware.single()
        assertArrayEquals(P256.point(held.pair.public as ECPublicKey), point)
        assertFalse(held.spec.isUserAuthenticationRequired)
        val raw = keystore.sign("device", "message".encodeToByteArray())
        assertEquals(64, raw.size)
        val verify = Signature.getInstance("SHA256withPLAIN-ECDSA", "BC").apply { initVerify(held.pair.public) }
        verify.update("message".encodeToByteArray())
        assertTrue(verify.verify(raw))
        keystore.forgetKey("device")
        assertThrows(HostFailure::class.java) { keystore.sign("device", ByteArray(1)) }
    }

    @Test
    fun `a biometric key asks for a live, strong biometric each time and ends with another finger`() {
        AndroidKeystore(context).makeKey("finger", Suite.INTERNATIONAL, KeyGuard.BIOMETRIC)
        val spec = FakeAndroidKeyStore.hardware.single().spec
        assertEquals(KeyProperties.PURPOSE_SIGN, spec.purposes)
        assertTrue(spec.isUserAuthenticationRequired)
        assertTrue(spec.isInvalidatedByBiometricEnrollment)
        assertTrue(spec.isUnlockedDeviceRequired)
        assertEquals(KeyProperties.AUTH_BIOMETRIC_STRONG, spec.userAuthenticationType)
        assertEquals(0, spec.userAuthenticationValidityDurationSeconds)
    }

    @Test
    fun `keys lie in StrongBox where there is one, and elsewhere when it is full`() {
        val keystore = AndroidKeystore(context)
        shadowOf(context.packageManager).setSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE, true)
        keystore.makeKey("a", Suite.INTERNATIONAL, KeyGuard.DEVICE)
        assertTrue(FakeAndroidKeyStore.hardware.single().spec.isStrongBoxBacked)
        for (fault in listOf(StrongBoxUnavailableException(), ProviderException())) {
            FakeAndroidKeyStore.strongBoxFault = fault
            keystore.makeKey("a", Suite.INTERNATIONAL, KeyGuard.DEVICE)
            assertFalse("$fault", FakeAndroidKeyStore.hardware.single().spec.isStrongBoxBacked)
        }
    }

    @Test
    fun `no key of another suite is made`() {
        assertThrows(HostFailure::class.java) { AndroidKeystore(context).makeKey("a", Suite.GUOMI, KeyGuard.DEVICE) }
        assertEquals(0, FakeAndroidKeyStore.keys.size)
    }

    @Test
    fun `records are sealed on the disk, each under its name, out of backups`() {
        val vault = androidPhone(context).vault
        vault.put("one", "canary-record".encodeToByteArray())
        assertEquals("canary-record", vault.record("one")?.decodeToString())
        assertNull(vault.record("two"))
        val folder = context.noBackupFilesDir.resolve("msgpay")
        val files = folder.listFiles().orEmpty().filter { it.isFile }
        assertTrue(files.isNotEmpty() && files.none { "canary" in it.readBytes().decodeToString() })
        // Another record's bytes are not taken for this one's.
        val plain = FileVault(folder.toPath())
        plain.put("two", plain.record("one")!!)
        assertThrows(HostFailure::class.java) { vault.record("two") }
        assertEquals(setOf("one", "two"), vault.names().toSet())
        vault.remove("two")
        assertEquals(listOf("one"), vault.names())
        assertEquals("another folder is another vault", emptyList<String>(), androidPhone(context, "second-sim").vault.names())
    }
}
