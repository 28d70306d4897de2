package io.msgpay.android

import android.content.Intent
import android.net.Uri
import android.os.Looper
import android.view.MotionEvent
import android.view.View
import android.widget.Button
import android.widget.TextView
import com.example.chat.ChatActivity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The sample application, as its user has it. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class, qualifiers = "zh-rCN-w390dp-h844dp-mdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class ChatTest {
    @get:Rule
    val house = House()

    @Test
    fun `a card that is tapped twice opens one sheet, and the chat hears of it after the phone was turned`() {
        house.setPassword()
        val order = house.stage.order(100)
        val chat = Robolectric.buildActivity(ChatActivity::class.java, Intent(Intent.ACTION_MAIN, Uri.parse(order.link))).setup()
        repeat(2) { tap(views(chat.get()).filterIsInstance<Button>().single()) }
        var opened: Intent? = null
        House.wait("a sheet") { opened = shadowOf(chat.get()).nextStartedActivity; opened != null }
        val sheet = SheetOnScreen(house.stage, opened!!)
        chat.recreate()
        sheet.press("支付 ¥1.00")
        sheet.type(House.PASSWORD)
        sheet.press("完成")
        sheet.gone()
        House.wait("a word in the chat") { views(chat.get()).any { it is TextView && "已支付" in it.text } }
        assertNull("one sheet", shadowOf(chat.get()).nextStartedActivity)
        assertEquals(1, house.stage.debits(order))
    }

    private fun tap(button: Button) {
        for (action in listOf(MotionEvent.ACTION_DOWN, MotionEvent.ACTION_UP)) button.dispatchTouchEvent(MotionEvent.obtain(0, 0, action, 5f, 5f, 0))
        shadowOf(Looper.getMainLooper()).idle()
    }

    private fun views(chat: ChatActivity): Sequence<View> = SheetOnScreen.views(chat.window.decorView)
}
