package io.msgpay.android

import android.app.Activity
import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Looper
import android.os.SystemClock
import android.view.MotionEvent
import android.view.ViewGroup
import android.view.WindowManager
import io.msgpay.Outcome
import io.msgpay.Step
import io.msgpay.desktop.Handset
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File

/** The view in a window: drawn, read from its pixels, touched. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], manifest = Config.NONE, qualifiers = "w390dp-h844dp-mdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class KeypadViewTest {
    private class Shown(val activity: Activity, val view: MsgPayKeypadView) {
        var length = 0

        fun drawn(): Bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888).also { view.draw(Canvas(it)) }

        fun touch(cell: Int, flags: Int = 0) {
            val (x, y) = (cell % 3 + 0.5f) * view.width / 3 to (cell / 3 + 0.5f) * view.height / 4
            for (action in listOf(MotionEvent.ACTION_DOWN, MotionEvent.ACTION_UP)) {
                val pointer = arrayOf(MotionEvent.PointerProperties().apply { toolType = MotionEvent.TOOL_TYPE_FINGER })
                val place = arrayOf(MotionEvent.PointerCoords().apply { this.x = x; this.y = y; pressure = 1f; size = 1f })
                val now = SystemClock.uptimeMillis()
                view.dispatchTouchEvent(MotionEvent.obtain(now, now, action, 1, pointer, place, 0, 0, 1f, 1f, 0, 0, 0x1002, flags))
            }
        }
    }

    @Test
    fun `a payment by touches on drawn pixels`() = runBlocking {
        val handset = Handset.ready()
        val order = handset.stage.order(12_850)
        val asked = CompletableDeferred<Step.EnterPassword>()
        val paying = async(Dispatchers.Default) {
            handset.msgpay.launch(order.link).use { payment ->
                payment.run { step ->
                    if (step is Step.Review) step.accept()
                    if (step is Step.EnterPassword) asked.complete(step)
                }
            }
        }
        val shown = shown()
        assertTrue(shown.activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0)
        shown.view.show(asked.await().entry)
        wait { inked(shown.drawn()) }
        File("target/keypad.png").outputStream().use { shown.drawn().compress(Bitmap.CompressFormat.PNG, 100, it) }
        val digits = handset.stage.readDrawn(shown.drawn())

        shown.touch(0, MotionEvent.FLAG_WINDOW_IS_OBSCURED)
        for ((typed, digit) in Handset.PASSWORD.withIndex()) {
            shown.touch(digits.getValue(digit.digitToInt()))
            wait { shown.length == typed + 1 }
        }
        shown.touch(CONFIRM)
        wait { paying.isCompleted }
        assertTrue(paying.await() is Outcome.Paid)
        assertEquals(1, handset.stage.debits(order))
        assertTrue("nothing stays drawn", !inked(shown.drawn()))
        handset.close()
    }

    private fun shown(): Shown {
        val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
        val view = MsgPayKeypadView(activity)
        activity.setContentView(view, ViewGroup.LayoutParams(390, 240))
        shadowOf(Looper.getMainLooper()).idle()
        return Shown(activity, view).also { shown -> view.onLength = { shown.length = it } }
    }

    /** Whether the first key of the last row has ink in its middle. */
    private fun inked(drawn: Bitmap): Boolean {
        val ground = drawn.getPixel(3, 3)
        return (5 until 125).any { x -> (185 until 235).any { y -> drawn.getPixel(x, y) != ground } }
    }

    /** Lets the main thread work until it is so; another thread does the rest. */
    private fun wait(isSo: () -> Boolean) {
        val end = System.nanoTime() + 20_000_000_000
        while (!isSo()) {
            check(System.nanoTime() < end) { "it did not come" }
            shadowOf(Looper.getMainLooper()).idle()
            Thread.onSpinWait()
        }
    }

    private companion object {
        const val CONFIRM = 9
    }
}
