package io.msgpay.android

import io.msgpay.EnrolmentOutcome
import io.msgpay.PasswordOutcome
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** An end is told in the words of what was wanted, and says no more than is known. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class, qualifiers = "zh-rCN-w390dp-h844dp-mdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class WordsTest {
    @get:Rule
    val house = House()

    private fun SheetOnScreen.says(vararg words: String) = words.forEach(::waitFor)

    private fun SheetOnScreen.saysNothingOf(vararg words: String) = assertTrue(this.words, words.none { it in this.words })

    @Test
    fun `a phone that fails at the setting of a password`() {
        FakeAndroidKeyStore.isBusy = { true }
        val (_, sheet) = house.begin { setPassword(house.chat, house.stage.institution) }
        sheet.says("未设置", "手机存储或密钥不可用")
        sheet.saysNothingOf("支付", "扣款")
        FakeAndroidKeyStore.isBusy = { false }
        sheet.press("再试一次")
        sheet.press("开始设置")
        repeat(2) { sheet.type(House.PASSWORD) }
        sheet.says("支付密码已设置", "完成时间")
        sheet.saysNothingOf("支付时间")
    }

    @Test
    fun `a phone that fails at an enrolment`() {
        house.setPassword()
        FakeAndroidKeyStore.isBusy = { true }
        val (outcome, sheet) = house.begin { enrolBiometric(house.chat, house.stage.institution) }
        sheet.says("未启用", "手机存储或密钥不可用")
        sheet.saysNothingOf("支付", "扣款")
        FakeAndroidKeyStore.isBusy = { false }
        sheet.press("再试一次")
        sheet.waitFor("启用指纹或面容")
        sheet.back()
        sheet.gone()
        assertTrue(House.await(outcome) is EnrolmentOutcome.Cancelled)
    }

    @Test
    fun `a phone that fails before it has asked says nothing of money`() {
        house.setPassword()
        FakeAndroidKeyStore.isBusy = { true }
        val order = house.stage.order(100)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        // Whether an earlier request is open nobody has read.
        sheet.says("暂时无法付款", "手机存储或密钥不可用")
        sheet.saysNothingOf("未支付", "扣款")
        FakeAndroidKeyStore.isBusy = { false }
        sheet.press("再试一次")
        sheet.press("支付")
        sheet.type(House.PASSWORD)
        sheet.says("支付成功", "支付时间")
    }

    @Test
    fun `a handset that is not activated is told so`() {
        house.dies(elsewhere = true)
        val (_, sheet) = house.begin { setPassword(house.chat, house.stage.institution) }
        sheet.says("未设置", "本机尚未激活")
    }

    @Test
    fun `a setting whose answer was lost is not said to be without effect`() {
        val (outcome, sheet) = house.begin { setPassword(house.chat, house.stage.institution) }
        sheet.press("开始设置")
        sheet.type(House.PASSWORD)
        sheet.touchDigits(House.PASSWORD)
        house.stage.cut("answer")
        sheet.touchCell(SheetOnScreen.CONFIRM)
        sheet.says("结果尚不清楚", "再试一次是安全的")
        sheet.saysNothingOf("未设置", "没有生效")
        sheet.press("关闭")
        sheet.gone()
        assertTrue(House.await(outcome) is PasswordOutcome.Unresolved)
    }

    @Test
    fun `an institution that cannot be reached has not been asked for money by a setting`() {
        house.stage.close()
        val (_, sheet) = house.begin { setPassword(house.chat, house.stage.institution) }
        sheet.says("未设置", "无法连接支付机构")
        sheet.saysNothingOf("扣款")
    }
}
