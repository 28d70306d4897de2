package io.msgpay.desktop

import io.msgpay.CallFault
import io.msgpay.ConfigFault
import io.msgpay.HostFault
import io.msgpay.KeyKind
import io.msgpay.Keypad
import io.msgpay.KeypadFault
import io.msgpay.KeystoreHost
import io.msgpay.MsgPay
import io.msgpay.MsgPayConfig
import io.msgpay.MsgPayException
import io.msgpay.Outcome
import io.msgpay.Phone
import io.msgpay.Step
import io.msgpay.Surface
import io.msgpay.VaultHost
import io.msgpay.Why
import kotlinx.coroutines.runBlocking
import org.junit.AfterClass
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Assert.fail
import org.junit.BeforeClass
import org.junit.Rule
import org.junit.Test
import org.junit.rules.Timeout
import java.nio.ByteBuffer
import java.util.concurrent.CountDownLatch

/** What is wrong at the door is a typed error, never a crash, and never somebody else's text. */
class BadInputTest {
    /** A call that hangs is a fault as well. */
    @get:Rule
    val limit: Timeout = Timeout.seconds(60)

    private inline fun <reified T : MsgPayException> thrown(work: () -> Unit): T {
        try {
            work()
        } catch (fault: MsgPayException) {
            assertFalse("foreign text", trace(fault).contains(CANARY))
            return fault as? T ?: throw AssertionError("another fault", fault)
        }
        fail("nothing was thrown")
        error("unreachable")
    }

    private fun trace(fault: Throwable) = fault.stackTraceToString()

    private fun call(work: suspend () -> Unit) = thrown<MsgPayException.Call> { runBlocking { work() } }.fault

    @Test
    fun `links that are no links are the session's outcome`() = runBlocking {
        val links = listOf("", " ", "\u0000", "msgpay://", "\uD800", "https://example.invalid/", CANARY, "x".repeat(8_000_000))
        for (link in links) {
            val outcome = handset.msgpay.launch(link).use { it.run { step -> assertTrue(step is Step.Concluded) } }
            assertEquals(Why.LinkNotGenuine, (outcome as Outcome.NotPaid).reason.why)
        }
    }

    @Test
    fun `configurations that cannot be used say why`() {
        val given = handset.stage.config
        val wrong = mapOf(
            MsgPayConfig("", given.files) to ConfigFault.SHAPE,
            MsgPayConfig("\u0000 = $CANARY", given.files) to ConfigFault.SHAPE,
            MsgPayConfig("\uDC00", given.files) to ConfigFault.SHAPE,
            MsgPayConfig(given.text, emptyMap()) to ConfigFault.AUTHORITY,
            MsgPayConfig(given.text, mapOf("ca.pem" to CANARY.encodeToByteArray())) to ConfigFault.AUTHORITY,
            MsgPayConfig(given.text.replace("https", "http"), given.files) to ConfigFault.BASE_URL,
        )
        for ((config, fault) in wrong) {
            val thrown = thrown<MsgPayException.Config> {
                runBlocking { MsgPay.open(config, handset.phone.capabilities).close() }
            }
            assertEquals(fault, thrown.fault)
        }
    }

    @Test
    fun `names that nobody has are refused`() {
        assertEquals(CallFault.UNKNOWN_INSTITUTION, call { handset.msgpay.setPassword("") })
        assertEquals(CallFault.UNKNOWN_INSTITUTION, call { handset.msgpay.activate("\uD800", "code") })
        assertEquals(CallFault.NOTHING_OPEN, call { handset.msgpay.resolve(handset.institution, "P1") })
    }

    @Test
    fun `a step is answered once, and steps are collected once`() = runBlocking {
        val order = handset.stage.order(100)
        val payment = handset.msgpay.launch(order.link)
        payment.run { step ->
            if (step is Step.Review) {
                step.accept()
                assertEquals(CallFault.OUT_OF_TURN, call { step.accept() })
                assertEquals(CallFault.OUT_OF_TURN, call { step.cancel() })
            }
            if (step is Step.EnterPassword) step.cancel()
        }
        assertEquals(CallFault.OUT_OF_TURN, call { payment.run {} })
        payment.close()
        payment.close()
    }

    @Test
    fun `pictures go only into memory that they fit`() = keypad { keypad ->
        val key = keypad.keys.first()
        val bytes = key.widthPx * key.heightPx
        val wrong = listOf(
            ByteBuffer.allocate(bytes),
            ByteBuffer.allocateDirect(0),
            ByteBuffer.allocateDirect(bytes - 1),
            ByteBuffer.allocateDirect(bytes + 1),
            ByteBuffer.allocateDirect(bytes).asReadOnlyBuffer(),
            ByteBuffer.allocateDirect(bytes).position(1) as ByteBuffer,
        )
        wrong.forEach { memory -> assertEquals(CallFault.PICTURE_MEMORY, call { keypad.draw(key, memory) }) }
    }

    @Test
    fun `a keypad that is closed does nothing more`() = keypad { keypad ->
        val key = keypad.keys.first { it.kind == KeyKind.CHARACTER }
        keypad.press(key)
        keypad.close()
        keypad.close()
        val calls = listOf<suspend () -> Unit>(
            { keypad.press(key) }, { keypad.erase() }, { keypad.clear() }, { keypad.confirm() }, { keypad.face(key) },
            { keypad.wipeIfIdle() },
        )
        calls.forEach { closed ->
            assertEquals(KeypadFault.CLOSED, thrown<MsgPayException.Keypad> { runBlocking { closed() } }.fault)
        }
    }

    @Test
    fun `keys that type nothing cannot be pressed, and too few characters do not confirm`() = keypad { keypad ->
        val confirm = keypad.keys.first { it.kind == KeyKind.CONFIRM }
        assertEquals(CallFault.NO_SUCH_KEY, call { keypad.press(confirm) })
        val short = thrown<MsgPayException.Keypad> { keypad.confirm() }
        assertEquals(KeypadFault.LENGTH, short.fault)
        assertFalse(short.wiped)
    }

    @Test
    fun `a surface that keeps nothing opens no keypad`() = runBlocking {
        val none = Surface(false, false, false, false, false)
        val order = handset.stage.order(100)
        val refused = thrown<MsgPayException.Keypad> {
            handset.msgpay.launch(order.link).use { payment ->
                payment.run { step ->
                    if (step is Step.Review) step.accept()
                    if (step is Step.EnterPassword) step.entry.open(none, 96)
                }
            }
        }
        assertEquals(KeypadFault.UNACKNOWLEDGED, refused.fault)
    }

    @Test
    fun `a picture of no possible size gets the nearest that is`() {
        for ((asked, got) in listOf(Int.MIN_VALUE to 24, 0 to 24, Int.MAX_VALUE to 512)) {
            keypad(asked) { keypad -> assertEquals(got, keypad.keys.first().widthPx) }
        }
    }

    @Test
    fun `two sessions at once do not disturb each other`() = runBlocking {
        val (one, other) = handset.stage.order(100) to handset.stage.order(200)
        var inner: Outcome? = null
        val outer = handset.msgpay.launch(one.link).use { payment ->
            payment.run { step ->
                if (step is Step.Review) step.accept()
                if (step is Step.EnterPassword) {
                    val opened = handset.typist.open(step.entry)
                    opened.press("492")
                    inner = handset.pay(other.link)
                    opened.press("718")
                    opened.keypad.confirm()
                }
            }
        }
        assertTrue("$outer $inner", outer is Outcome.Paid && inner is Outcome.Paid)
        assertEquals(listOf(1, 1), listOf(one, other).map(handset.stage::debits))
    }

    @Test
    fun `an sdk that is closed opens nothing`() = runBlocking {
        val closed = MsgPay.open(handset.stage.config, DesktopPhone().capabilities)
        val session = closed.launch("msgpay://")
        closed.close()
        closed.close()
        assertEquals(CallFault.CLOSED, call { closed.launch("msgpay://") })
        assertEquals(CallFault.CLOSED, call { closed.unresolved() })
        assertEquals(CallFault.CLOSED, call { session.run {} })
    }

    @Test
    fun `what a capability throws is not passed on`() {
        for (thrown in listOf(IllegalStateException(CANARY), OutOfMemoryError(CANARY), StackOverflowError(CANARY))) {
            assertEquals(HostFault.VAULT, failing { throw thrown })
        }
    }

    @Test
    fun `a capability that calls back is refused`() {
        var inside: CallFault? = null
        lateinit var msgpay: MsgPay
        val vault = object : VaultHost by MemoryVault() {
            override fun names(): List<String> {
                inside = call { msgpay.unresolved() }
                return emptyList()
            }
        }
        runBlocking {
            msgpay = MsgPay.open(handset.stage.config, Phone(SoftwareKeystore(), vault, null))
            assertEquals(0, msgpay.use { it.unresolved().size })
        }
        assertEquals(CallFault.FROM_HOST, inside)
    }

    @Test
    fun `a capability that never returns is given up`() {
        val never = CountDownLatch(1)
        assertEquals(HostFault.VAULT, failing { never.await() })
        never.countDown()
    }

    /** The fault of a call that needs the vault, when the vault does [what]. */
    private fun failing(what: () -> Unit): HostFault = thrown<MsgPayException.Host> {
        val vault = object : VaultHost by MemoryVault() {
            override fun names(): List<String> = emptyList<String>().also { what() }
        }
        val keystore: KeystoreHost = SoftwareKeystore()
        runBlocking { MsgPay.open(handset.stage.config, Phone(keystore, vault, null)).use { it.unresolved() } }
    }.fault

    private fun keypad(facePx: Int = 48, test: suspend (Keypad) -> Unit) = runBlocking {
        val order = handset.stage.order(100)
        handset.msgpay.launch(order.link).use { payment ->
            var tested = false
            payment.run { step ->
                if (step is Step.Review) step.accept()
                if (step is Step.EnterPassword) {
                    if (!tested) test(step.entry.open(handset.phone.surface, facePx))
                    tested = true
                    step.cancel()
                }
            }
        }
        Unit
    }

    companion object {
        /** Plain text that must not be found anywhere. */
        private const val CANARY = "canary-4d1c7f"

        private lateinit var handset: Handset

        @JvmStatic
        @BeforeClass
        fun ready() = runBlocking { handset = Handset.ready() }

        @JvmStatic
        @AfterClass
        fun close() = handset.close()
    }
}
