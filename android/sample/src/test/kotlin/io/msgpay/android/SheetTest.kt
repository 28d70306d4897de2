package io.msgpay.android

import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.os.Looper
import android.view.MotionEvent
import android.view.View
import android.view.WindowManager
import io.msgpay.Outcome
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Whole payments in the sheet: read from its pixels, touched. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class, qualifiers = "zh-rCN-w390dp-h844dp-mdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class SheetTest {
    @get:Rule
    val house = House()

    @Test
    fun `a payment by touches on drawn pixels`() {
        house.setPassword()
        val order = house.stage.order(12_850)
        // As an installation grants it.
        shadowOf(RuntimeEnvironment.getApplication()).grantPermissions("android.permission.HIDE_OVERLAY_WINDOWS")
        val (outcome, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.waitFor("128.50")
        assertTrue(sheet.words, "青禾咖啡" in sheet.words && "签名" in sheet.words)
        assertTrue("secure from the start", sheet.activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0)
        val hides = WindowManager.LayoutParams.SYSTEM_FLAG_HIDE_NON_SYSTEM_OVERLAY_WINDOWS
        assertTrue("no window of others over it", sheet.activity.window.attributes.privateFlags and hides != 0)
        // Through a window over this place, and through one that lies over another: what it covers may be the amount.
        sheet.press("支付 ¥128.50", flags = MotionEvent.FLAG_WINDOW_IS_OBSCURED)
        sheet.press("支付 ¥128.50", flags = 0x2)
        sheet.press("支付 ¥128.50")
        val cells = sheet.read()
        sheet.touchCell(0, MotionEvent.FLAG_WINDOW_IS_OBSCURED)
        sheet.touchCell(0, 0x2)
        House.PASSWORD.forEach { sheet.touchCell(cells.getValue(it.digitToInt())) }
        sheet.touchCell(SheetOnScreen.CONFIRM)
        sheet.waitFor("支付成功")
        assertFalse("nothing stays drawn", sheet.isDrawn)
        assertTrue(sheet.words, "签名确认" in sheet.words)
        sheet.press("完成")
        sheet.gone()
        assertTrue(House.await(outcome) is Outcome.Paid)
        assertEquals(1, house.stage.debits(order))
        assertEquals(emptyList<String>(), house.stage.findings())
    }

    @Test
    fun `a wrong password says how many tries are left, and the next one pays`() {
        house.setPassword()
        val order = house.stage.order(990)
        val (outcome, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付")
        sheet.type("492719")
        sheet.waitFor("还可尝试 4 次")
        sheet.press("重新支付")
        sheet.press("支付 ¥9.90")
        sheet.type(House.PASSWORD)
        house.paidOnce(outcome, sheet, order)
    }

    @Test
    fun `a turned phone wipes the entry and keeps the payment`() {
        house.setPassword()
        val order = house.stage.order(100)
        val (outcome, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付")
        sheet.touchDigits("492")
        RuntimeEnvironment.setQualifiers("+w844dp-h390dp-land")
        sheet.controller.recreate()
        sheet.waitFor("输入支付密码")
        sheet.type(House.PASSWORD)
        house.paidOnce(outcome, sheet, order)
    }

    @Test
    fun `a payment whose answer was lost is asked about, also in another process`() {
        house.setPassword()
        val order = house.stage.order(100)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付")
        sheet.touchDigits(House.PASSWORD)
        house.stage.cut("answer")
        sheet.touchCell(SheetOnScreen.CONFIRM)
        sheet.waitFor("结果确认中，请勿重复付款")
        assertFalse("it does not look like a failure", "未支付" in sheet.words)
        val saved = Bundle().also(sheet.controller::saveInstanceState)
        assertEquals("the order's number is all that is kept", order.payOrderNo, saved.getString("io.msgpay.order"))
        house.dies()
        val restored = SheetOnScreen(house.stage, Intent(house.chat, MsgPayActivity::class.java).putExtra("io.msgpay.word", "of a process before"), saved)
        restored.waitFor("支付成功")
        restored.press("完成")
        restored.gone()
        assertEquals(1, house.stage.debits(order))
    }

    @Test
    fun `with nothing open a sheet of a process before goes without a word`() {
        val saved = Bundle().apply { putString("io.msgpay.order", "P0000000000000000000000") }
        SheetOnScreen(house.stage, Intent(house.chat, MsgPayActivity::class.java), saved).gone()
        SheetOnScreen(house.stage, Intent(house.chat, MsgPayActivity::class.java)).gone()
    }

    @Test
    fun `a link from outside is paid, and one that is not genuine is refused`() {
        house.setPassword()
        val order = house.stage.order(100)
        val sheet = SheetOnScreen(house.stage, Intent(Intent.ACTION_VIEW, Uri.parse(order.link)))
        sheet.press("支付")
        sheet.type(House.PASSWORD)
        sheet.waitFor("支付成功")
        assertEquals(1, house.stage.debits(order))
        val false_ = SheetOnScreen(house.stage, Intent(Intent.ACTION_VIEW, Uri.parse("msgpay://pay?t=AAAA")))
        false_.waitFor("支付链接无法验证，未扣款")
    }

    @Test
    fun `turning back ends it, at each step`() {
        house.setPassword()
        val order = house.stage.order(100)
        val (first, review) = house.begin { pay(house.chat, order.link) }
        review.waitFor("支付 ¥1.00")
        review.back()
        review.gone()
        assertTrue(House.await(first) is Outcome.Cancelled)
        val (second, entry) = house.begin { pay(house.chat, order.link) }
        entry.press("支付")
        entry.touchDigits("49")
        entry.back()
        entry.gone()
        assertTrue(House.await(second) is Outcome.Cancelled)
        assertEquals(0, house.stage.debits(order))
    }

    @Test
    fun `turning back twice is turning back`() {
        house.setPassword()
        val order = house.stage.order(100)
        val (first, review) = house.begin { pay(house.chat, order.link) }
        review.waitFor("支付 ¥1.00")
        repeat(2) { review.back() }
        review.gone()
        assertTrue(House.await(first) is Outcome.Cancelled)
        val (second, entry) = house.begin { pay(house.chat, order.link) }
        entry.press("支付")
        entry.touchDigits(House.PASSWORD)
        house.stage.cut("answer")
        entry.touchCell(SheetOnScreen.CONFIRM)
        entry.press("查询结果")
        entry.waitFor("支付成功")
        val (third, lost) = house.begin { pay(house.chat, house.stage.order(200).link) }
        lost.press("支付")
        lost.touchDigits(House.PASSWORD)
        house.stage.cut("answer")
        lost.touchCell(SheetOnScreen.CONFIRM)
        lost.waitFor("查询结果")
        repeat(2) { lost.back() }
        lost.gone()
        assertTrue(House.await(third) is Outcome.Unresolved)
        assertFalse(second.isCompleted)
    }

    @Test
    fun `an entry that leaves the screen is wiped and asked for again`() {
        house.setPassword()
        val order = house.stage.order(100)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付")
        sheet.touchDigits("492")
        sheet.activity.window.decorView.dispatchWindowVisibilityChanged(View.GONE)
        sheet.activity.window.decorView.dispatchWindowVisibilityChanged(View.VISIBLE)
        sheet.type(House.PASSWORD)
        sheet.waitFor("支付成功")
        assertEquals(1, house.stage.debits(order))
    }

    @Test
    fun `a keypad that is still opening when the screen is left opens for nobody`() {
        house.setPassword()
        val order = house.stage.order(100)
        val (outcome, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付")
        var opening: MsgPayKeypadView? = null
        while (opening == null) {
            shadowOf(Looper.getMainLooper()).runOneTask()
            opening = sheet.keypad
        }
        sheet.activity.window.decorView.dispatchWindowVisibilityChanged(View.GONE)
        House.wait("another entry") { sheet.keypad.let { it != null && it !== opening } }
        sheet.type(House.PASSWORD)
        house.paidOnce(outcome, sheet, order)
    }

    @Test
    fun `two thumbs that overlap type two digits`() {
        house.setPassword()
        val order = house.stage.order(100)
        val (outcome, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付")
        val cells = sheet.read()
        House.PASSWORD.map { cells.getValue(it.digitToInt()) }.chunked(2).forEach { (first, second) -> sheet.touchOverlapping(first, second) }
        sheet.touchCell(SheetOnScreen.CONFIRM)
        house.paidOnce(outcome, sheet, order)
    }

    @Test
    fun `the door from outside takes a link and nothing else`() {
        house.setPassword()
        val (_, sheet) = house.begin { pay(house.chat, house.stage.order(100).link) }
        val word = sheet.activity.intent.getStringExtra("io.msgpay.word")
        SheetOnScreen(house.stage, Intent().setClassName(house.chat, "io.msgpay.android.DeepLink").putExtra("io.msgpay.word", word)).gone()
        sheet.waitFor("支付 ¥1.00")
    }

    @Test
    fun `a screenshot wipes the entry and says so`() {
        house.setPassword()
        val order = house.stage.order(100)
        val (_, sheet) = house.begin { pay(house.chat, order.link) }
        sheet.press("支付")
        sheet.touchDigits("492")
        sheet.screenshot()
        sheet.waitFor("发现屏幕录制或截图，输入已清除")
        sheet.type(House.PASSWORD)
        sheet.waitFor("支付成功")
        assertEquals(1, house.stage.debits(order))
    }
}
