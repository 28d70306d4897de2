package io.msgpay.android

import io.msgpay.EnrolmentOutcome
import io.msgpay.Outcome
import io.msgpay.PasswordOutcome
import kotlinx.coroutines.future.await
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Every sheet, as Java opens it: by futures. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class, qualifiers = "zh-rCN-w390dp-h844dp-mdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class FuturesTest {
    @get:Rule
    val house = House()

    @Test
    fun `a password is set, a payment is left open and asked about, an enrolment turned back`() {
        val (set, setting) = house.begin { setPasswordInSheet(this, house.chat, house.stage.institution).await() }
        setting.press("开始设置")
        repeat(2) { setting.type(House.PASSWORD) }
        setting.press("完成")
        setting.gone()
        assertTrue(House.await(set) is PasswordOutcome.Set)

        val order = house.stage.order(100)
        val (paid, paying) = house.begin { payInSheet(this, house.chat, order.link).await() }
        paying.press("支付")
        paying.touchDigits(House.PASSWORD)
        house.stage.cut("answer")
        paying.touchCell(SheetOnScreen.CONFIRM)
        paying.press("稍后查询")
        paying.gone()
        assertTrue(House.await(paid) is Outcome.Unresolved)

        val (resolved, asking) = house.begin { resolveInSheet(this, house.chat, house.stage.institution, order.payOrderNo).await() }
        asking.waitFor("支付成功")
        asking.press("完成")
        asking.gone()
        assertTrue(House.await(resolved) is Outcome.Paid)

        val (enrolled, enrolling) = house.begin { enrolBiometricInSheet(this, house.chat, house.stage.institution).await() }
        enrolling.waitFor("启用指纹或面容")
        enrolling.back()
        enrolling.gone()
        assertTrue(House.await(enrolled) is EnrolmentOutcome.Cancelled)
    }
}
