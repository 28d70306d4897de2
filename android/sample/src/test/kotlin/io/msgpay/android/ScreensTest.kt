package io.msgpay.android

import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.RuleChain
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.annotation.GraphicsMode.Mode

/** One payment in each look, its screens kept in target/screens to be looked at; every button stays within reach. */
@RunWith(SdkRunner::class)
@GraphicsMode(Mode.NATIVE)
@Config(sdk = [35], application = HouseApp::class)
class ScreensTest {
    private val house = House()

    @get:Rule
    val rules: RuleChain = RuleChain.outerRule(FontScale()).around(house)

    @Test
    @Config(qualifiers = "zh-rCN-w390dp-h844dp-notnight-xhdpi")
    fun light() = payment("light", "支付 ¥", "支付成功", "未支付")

    @Test
    @Config(qualifiers = "en-rGB-w390dp-h844dp-night-xhdpi")
    fun dark() = payment("dark", "Pay ¥", "Paid", "Not paid")

    @Test
    @Config(qualifiers = "zh-rCN-w844dp-h390dp-land-xhdpi")
    fun landscape() = payment("landscape", "支付 ¥", "支付成功", "未支付")

    @Test
    @Config(qualifiers = "en-rGB-w390dp-h844dp-xhdpi")
    @Scaled(2f)
    fun large() = payment("large", "Pay ¥", "Paid", "Not paid")

    @Test
    @Config(qualifiers = "zh-rCN-w320dp-h640dp-night-mdpi")
    @Scaled(1.3f)
    fun small() = payment("small", "支付 ¥", "支付成功", "未支付")

    private fun payment(name: String, pay: String, paid: String, notPaid: String) {
        house.setPassword()
        val order = house.stage.order(12_850)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.waitFor("128.50")
        sheet.within(name, "1-review")
        sheet.press(pay)
        sheet.touchDigits("492")
        sheet.waitForEntered(3)
        sheet.within(name, "2-keypad")
        sheet.touchDigits("719")
        sheet.touchCell(SheetOnScreen.CONFIRM)
        sheet.waitFor(notPaid)
        sheet.within(name, "3-not-paid")
        sheet.press("重新支付", "Pay again")
        sheet.press(pay)
        sheet.touchDigits(House.PASSWORD)
        house.stage.cut("answer")
        sheet.touchCell(SheetOnScreen.CONFIRM)
        sheet.waitFor("查询结果".takeIf { paid == "支付成功" } ?: "Check the result")
        sheet.within(name, "4-unresolved")
        sheet.press("查询结果", "Check the result")
        sheet.waitFor(paid)
        sheet.within(name, "5-paid")
    }

    private fun SheetOnScreen.within(name: String, screen: String) {
        keep("$name-$screen")
        val (wide, high) = activity.window.decorView.width to activity.window.decorView.height
        for (view in controls()) {
            val at = IntArray(2).also(view::getLocationInWindow)
            val inside = at[0] >= 0 && at[1] >= 0 && at[0] + view.width <= wide && at[1] + view.height <= high
            val touchable = minOf(view.width, view.height) >= 47 * activity.resources.displayMetrics.density
            assertTrue("$name $screen: ${view.javaClass.simpleName} at ${at.toList()}, ${view.width} x ${view.height}", inside && touchable)
        }
    }
}
