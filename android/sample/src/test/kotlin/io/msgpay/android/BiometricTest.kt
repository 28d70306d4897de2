package io.msgpay.android

import android.hardware.biometrics.BiometricPrompt
import android.os.CancellationSignal
import io.msgpay.EnrolmentOutcome
import io.msgpay.HttpsTransport
import io.msgpay.Transport
import io.msgpay.TransportMaker
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import java.util.concurrent.Executor

/** Stands where the system's own prompt would: it keeps what it was asked, for the test to answer. */
@Implements(BiometricPrompt::class)
class PromptOnScreen {
    @Implementation
    fun authenticate(
        crypto: BiometricPrompt.CryptoObject,
        cancel: CancellationSignal,
        executor: Executor,
        callback: BiometricPrompt.AuthenticationCallback,
    ) {
        asked = Asked(crypto, callback, executor)
        cancel.setOnCancelListener { cancelled = true }
    }

    class Asked(val crypto: BiometricPrompt.CryptoObject, private val callback: BiometricPrompt.AuthenticationCallback, private val executor: Executor) {
        /** A live finger: the key signs once. */
        fun finger() = executor.execute {
            FakeAndroidKeyStore.hardware.filter { it.spec.isUserAuthenticationRequired }.forEach { it.isReleased = true }
            callback.onAuthenticationSucceeded(BiometricPrompt.AuthenticationResult(crypto, BiometricPrompt.AUTHENTICATION_RESULT_TYPE_BIOMETRIC))
        }

        fun error(code: Int) = executor.execute { callback.onAuthenticationError(code, "") }
    }

    companion object {
        var asked: Asked? = null
        var cancelled = false

        fun next(): Asked {
            House.wait("a prompt") { asked != null }
            return asked!!.also { asked = null }
        }
    }
}

/** A key that a finger releases: enrolled, used, turned back from, and lost. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class, qualifiers = "zh-rCN-w390dp-h844dp-mdpi", shadows = [PromptOnScreen::class])
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class BiometricTest {
    /** The answer to a payment is lost. */
    @Volatile
    private var isLost = false

    @get:Rule
    val house = House(
        TransportMaker { config ->
            val https = HttpsTransport.make(config)
            Transport { request -> https.send(request).takeUnless { isLost && request.url.endsWith("/payments") } }
        },
    )

    private fun enrolled() {
        PromptOnScreen.asked = null
        house.setPassword()
        val (outcome, sheet) = house.begin { enrolBiometric(house.chat, house.stage.institution) }
        sheet.press("启用指纹或面容")
        sheet.type(House.PASSWORD)
        PromptOnScreen.next().finger()
        sheet.waitFor("指纹或面容已启用")
        sheet.press("完成")
        sheet.gone()
        assertTrue(House.await(outcome) is EnrolmentOutcome.Enrolled)
    }

    @Test
    fun `a small payment by a finger alone`() {
        enrolled()
        val order = house.stage.order(100)
        val (outcome, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付 ¥1.00")
        sheet.waitFor("请验证指纹或面容")
        PromptOnScreen.next().finger()
        house.paidOnce(outcome, sheet, order)
    }

    @Test
    fun `after the prompt was turned away the page asks again, or takes the password`() {
        enrolled()
        val order = house.stage.order(100)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付 ¥1.00")
        PromptOnScreen.next().error(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED)
        sheet.press("请验证指纹或面容")
        PromptOnScreen.next().error(BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT)
        sheet.waitFor("输入支付密码")
        sheet.type(House.PASSWORD)
        sheet.waitFor("支付成功")
        assertEquals(1, house.stage.debits(order))
    }

    @Test
    fun `a key store that is busy for a moment loses no key`() {
        enrolled()
        FakeAndroidKeyStore.isBusy = { it.isUserAuthenticationRequired }
        val (_, sheet) = house.begin { pay(house.chat, house.stage.order(100).link) }
        sheet.press("支付 ¥1.00")
        sheet.type(House.PASSWORD)
        sheet.waitFor("支付成功")
        FakeAndroidKeyStore.isBusy = { false }
        val (_, next) = house.begin { pay(house.chat, house.stage.order(100).link) }
        next.press("支付 ¥1.00")
        PromptOnScreen.next().finger()
        next.waitFor("支付成功")
    }

    @Test
    fun `a prompt that is asked for again takes the place of the first`() {
        enrolled()
        val order = house.stage.order(100)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付 ¥1.00")
        val first = PromptOnScreen.next()
        PromptOnScreen.cancelled = false
        sheet.press("请验证指纹或面容")
        val second = PromptOnScreen.next()
        assertTrue("the first is taken away", PromptOnScreen.cancelled)
        first.finger()
        second.finger()
        sheet.waitFor("支付成功")
        assertEquals(1, house.stage.debits(order))
    }

    @Test
    fun `what a finger has sent is never said to be unpaid`() {
        enrolled()
        val order = house.stage.order(100)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付 ¥1.00")
        isLost = true
        PromptOnScreen.next().finger()
        sheet.waitFor("查询结果")
        FakeAndroidKeyStore.isBusy = { true }
        sheet.press("查询结果")
        sheet.waitFor("请稍后查询结果")
        assertTrue(sheet.words, "请勿重复付款" in sheet.words && "未支付" !in sheet.words && "未扣款" !in sheet.words)
    }

    @Test
    fun `after another finger was enrolled the key is lost and the password pays`() {
        enrolled()
        FakeAndroidKeyStore.enrolAnotherFinger()
        val order = house.stage.order(100)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付 ¥1.00")
        sheet.waitFor("输入支付密码")
        sheet.type(House.PASSWORD)
        sheet.waitFor("支付成功")
        assertEquals(1, house.stage.debits(order))
    }
}
