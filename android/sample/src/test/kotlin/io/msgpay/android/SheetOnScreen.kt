package io.msgpay.android

import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.PointF
import android.os.Bundle
import android.os.SystemClock
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.TextView
import io.msgpay.desktop.Stage
import org.robolectric.Robolectric
import org.robolectric.android.controller.ActivityController
import java.io.File

/** The sheet, as a person has it before the eyes. */
class SheetOnScreen(private val stage: Stage, intent: Intent, saved: Bundle? = null) {
    val controller: ActivityController<MsgPayActivity> =
        Robolectric.buildActivity(MsgPayActivity::class.java, intent).apply { if (saved == null) setup() else setup(saved) }
    val activity: MsgPayActivity get() = controller.get()

    private val root get() = activity.window.decorView
    private val facePx get() = with(activity.resources) { (36 * displayMetrics.density * configuration.fontScale.coerceIn(1f, 1.3f)).toInt() }
    val keypad: MsgPayKeypadView? get() = views(root).filterIsInstance<MsgPayKeypadView>().firstOrNull()
    val words: String get() = views(root).filterIsInstance<TextView>().filter { it.isShown }.joinToString("\n") { it.text }

    /** What is there to be touched. */
    fun controls(): List<View> = views(root).filter { it.isShown && (it.hasOnClickListeners() || it is MsgPayKeypadView) }.toList()

    fun waitFor(words: String) = House.wait("$words, it says: ${this.words}") { words in this.words }

    /** Touches the middle of the button that says one of these. */
    fun press(vararg words: String, flags: Int = 0) {
        var found: Button? = null
        House.wait("a button ${words.toList()}") {
            found = views(root).filterIsInstance<Button>().firstOrNull { button -> button.isEnabled && button.isShown && words.any { button.text.startsWith(it) } }
            found != null
        }
        val at = IntArray(2).also(found!!::getLocationInWindow)
        touch(at[0] + found!!.width / 2f, at[1] + found!!.height / 2f, flags)
    }

    /** Waits for a keypad, reads it and touches what it shows, then confirms. */
    fun type(digits: String) {
        touchDigits(digits)
        val typedOn = keypad
        touchCell(CONFIRM)
        // Another entry may be there before anybody has looked: it has a view of its own.
        House.wait("the entry goes on") { keypad.let { it == null || it !== typedOn || !isInked(drawn(it), facePx) } }
    }

    fun touchDigits(digits: String) {
        val cells = read()
        digits.forEach { touchCell(cells.getValue(it.digitToInt())) }
    }

    /** Waits until the sheet says that so many characters are in. */
    fun waitForEntered(count: Int) = House.wait("$count entered") {
        views(root).any { it.isShown && Regex("""\D*$count\D.*""").matches(it.contentDescription ?: "") }
    }

    /** Which cell shows which digit, once a keypad is there. */
    fun read(): Map<Int, Int> {
        House.wait("a keypad") { keypad?.let { isInked(drawn(it), facePx) } ?: false }
        return stage.readDrawn(drawn(keypad!!), facePx)
    }

    val isDrawn: Boolean get() = keypad?.let { isInked(drawn(it), facePx) } ?: false

    fun touchCell(cell: Int, flags: Int = 0) {
        val at = middle(cell)
        touch(at.x, at.y, flags)
    }

    /** Two thumbs: the second comes down before the first is lifted. */
    fun touchOverlapping(first: Int, second: Int) {
        val (one, two) = middle(first) to middle(second)
        send(MotionEvent.ACTION_DOWN, 0, 0 to one)
        send(MotionEvent.ACTION_POINTER_DOWN, 1, 0 to one, 1 to two)
        send(MotionEvent.ACTION_POINTER_UP, 0, 0 to one, 1 to two)
        send(MotionEvent.ACTION_UP, 0, 1 to two)
        org.robolectric.Shadows.shadowOf(android.os.Looper.getMainLooper()).idle()
    }

    private fun middle(cell: Int): PointF {
        val pad = keypad!!
        val at = IntArray(2).also(pad::getLocationInWindow)
        return PointF(at[0] + (cell % 3 + 0.5f) * pad.width / 3, at[1] + (cell / 3 + 0.5f) * pad.height / 4)
    }

    private fun touch(x: Float, y: Float, flags: Int = 0) {
        for (action in listOf(MotionEvent.ACTION_DOWN, MotionEvent.ACTION_UP)) send(action, 0, 0 to PointF(x, y), flags = flags)
        org.robolectric.Shadows.shadowOf(android.os.Looper.getMainLooper()).idle()
    }

    /** One event of the finger at [index] of all [fingers] that are down, each with its number. */
    private fun send(action: Int, index: Int, vararg fingers: Pair<Int, PointF>, flags: Int = 0) {
        val pointers = fingers.map { (number, _) -> MotionEvent.PointerProperties().apply { id = number; toolType = MotionEvent.TOOL_TYPE_FINGER } }
        val places = fingers.map { (_, at) -> MotionEvent.PointerCoords().apply { x = at.x; y = at.y; pressure = 1f; size = 1f } }
        val now = SystemClock.uptimeMillis()
        val whole = action or (index shl MotionEvent.ACTION_POINTER_INDEX_SHIFT)
        root.dispatchTouchEvent(
            MotionEvent.obtain(
                now, now, whole, fingers.size, pointers.toTypedArray(), places.toTypedArray(), 0, 0, 1f, 1f, 0, 0, 0x1002, flags,
            ),
        )
    }

    /** Keeps what is on the screen, to be looked at. */
    fun keep(name: String) {
        org.robolectric.Shadows.shadowOf(android.os.Looper.getMainLooper()).idleFor(java.time.Duration.ofMillis(600))
        val picture = drawn(root)
        File("target/screens").mkdirs()
        File("target/screens/$name.png").outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
    }

    private fun drawn(view: View): Bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888).also {
        val canvas = Canvas(it)
        canvas.drawColor(0xffe7ece9.toInt())
        view.draw(canvas)
    }

    companion object {
        const val CONFIRM = 9

        fun views(of: View): Sequence<View> = sequence {
            yield(of)
            if (of is ViewGroup) for (at in 0 until of.childCount) yieldAll(views(of.getChildAt(at)))
        }
    }
}

/** The sheet is gone for good. */
fun SheetOnScreen.gone() {
    House.wait("the end of the sheet, it says: $words") { activity.isFinishing }
    if (!activity.isDestroyed) controller.pause().stop().destroy()
}

fun SheetOnScreen.back() {
    @Suppress("DEPRECATION" /* what the system calls */)
    activity.onBackPressed()
}

/** The system tells that a picture of the screen was taken. */
fun SheetOnScreen.screenshot() {
    val handler = android.app.Activity::class.java.getDeclaredField("mScreenCaptureCallbackHandler").apply { isAccessible = true }.get(activity)
    val observer = handler.javaClass.getDeclaredField("mObserver").apply { isAccessible = true }.get(handler) as android.app.IScreenCaptureObserver
    observer.onScreenCaptured()
}
