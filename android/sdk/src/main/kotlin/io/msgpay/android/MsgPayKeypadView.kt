package io.msgpay.android

import android.app.Activity
import android.content.Context
import android.content.ContextWrapper
import android.content.res.Configuration
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.RectF
import android.os.Handler
import android.os.Looper
import android.util.AttributeSet
import android.view.MotionEvent
import android.view.View
import android.view.WindowManager
import io.msgpay.Key
import io.msgpay.KeyKind
import io.msgpay.Keypad
import io.msgpay.MsgPayException
import io.msgpay.PasswordEntry
import io.msgpay.Surface
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.launch
import java.util.concurrent.Executor

/**
 * Draws a keypad and passes touches on. It knows no digit: it draws pictures, and presses the key that was touched.
 *
 * While it is attached its window is secure (no screenshots, no recording). Touches through another application's
 * window are dropped. There is no highlight, sound or vibration, for any key.
 */
public class MsgPayKeypadView @JvmOverloads constructor(
    context: Context,
    attributes: AttributeSet? = null,
) : View(context, attributes) {
    private val main = Handler(Looper.getMainLooper())
    private val scope = CoroutineScope(SupervisorJob() + Executor { main.post(it) }.asCoroutineDispatcher())
    private val ink = Paint(Paint.ANTI_ALIAS_FLAG or Paint.FILTER_BITMAP_FLAG)
    private val line = Paint()
    private val faces = HashMap<Key, Bitmap>()
    private var keypad: Keypad? = null
    private var touched: Key? = null
    private var secured = false

    /** Is told the number of characters after each press. */
    public var onLength: (Int) -> Unit = {}

    /** Is told when a press or a confirmation was refused; when the entry is gone, the session gives its step again. */
    public var onFault: (MsgPayException) -> Unit = {}

    init {
        filterTouchesWhenObscured = true
        isHapticFeedbackEnabled = false
        isSoundEffectsEnabled = false
        isSaveEnabled = false
        importantForAutofill = IMPORTANT_FOR_AUTOFILL_NO_EXCLUDE_DESCENDANTS
        val dark = resources.configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK == Configuration.UI_MODE_NIGHT_YES
        setBackgroundColor(if (dark) DARK_GROUND else LIGHT_GROUND)
        ink.color = if (dark) DARK_INK else LIGHT_INK
        line.color = if (dark) DARK_LINE else LIGHT_LINE
    }

    /** Opens a keypad for [entry] and draws it. It must be attached to a window. */
    public fun show(entry: PasswordEntry) {
        wipe()
        scope.launch {
            try {
                val opened = entry.open(surface(), facePx())
                keypad = opened
                draw(opened)
            } catch (fault: MsgPayException) {
                wipe()
                onFault(fault)
            }
        }
    }

    /** Wipes what was typed and what is drawn. The session gives its step again, with a fresh entry. */
    public fun wipe() {
        scope.coroutineContext.cancelChildren()
        keypad?.close()
        forget()
    }

    override fun onAttachedToWindow() {
        super.onAttachedToWindow()
        val window = activity()?.window ?: return
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        secured = true
    }

    override fun onDetachedFromWindow() {
        wipe()
        super.onDetachedFromWindow()
    }

    override fun onWindowVisibilityChanged(visibility: Int) {
        super.onWindowVisibilityChanged(visibility)
        if (visibility != VISIBLE) wipe()
    }

    override fun onMeasure(widthSpec: Int, heightSpec: Int) {
        val keyHeight = (KEY_DP * resources.displayMetrics.density).toInt()
        setMeasuredDimension(getDefaultSize(suggestedMinimumWidth, widthSpec), resolveSize(keyHeight * ROWS, heightSpec))
    }

    override fun onDraw(canvas: Canvas) {
        super.onDraw(canvas)
        for ((key, face) in faces) {
            val place = place(key)
            canvas.drawRect(place.left, place.top, place.right, place.top + 1, line)
            canvas.drawRect(place.right - 1, place.top, place.right, place.bottom, line)
            canvas.drawBitmap(face, place.centerX() - face.width / 2f, place.centerY() - face.height / 2f, ink)
        }
    }

    override fun onFilterTouchEventForSecurity(event: MotionEvent): Boolean {
        val covered = MotionEvent.FLAG_WINDOW_IS_OBSCURED or MotionEvent.FLAG_WINDOW_IS_PARTIALLY_OBSCURED
        return event.flags and covered == 0 && super.onFilterTouchEventForSecurity(event)
    }

    override fun onTouchEvent(event: MotionEvent): Boolean {
        when (event.actionMasked) {
            MotionEvent.ACTION_DOWN -> touched = at(event)
            MotionEvent.ACTION_UP -> {
                val key = touched.takeIf { it == at(event) }
                touched = null
                if (key != null) press(key)
            }
            MotionEvent.ACTION_CANCEL -> touched = null
        }
        return true
    }

    private fun press(key: Key) {
        val open = keypad ?: return
        scope.launch {
            try {
                if (key.kind == KeyKind.CONFIRM) {
                    open.confirm()
                    forget()
                } else {
                    onLength(open.press(key))
                }
            } catch (fault: MsgPayException) {
                if (fault is MsgPayException.Keypad && fault.wiped) forget()
                onFault(fault)
            }
        }
    }

    /** All keys appear at once: nothing moves under a finger. */
    private suspend fun draw(open: Keypad) {
        val drawn = HashMap<Key, Bitmap>()
        try {
            open.keys.filter { it.page == 0 }.forEach { key -> drawn[key] = picture(open, key) }
            faces.putAll(drawn)
            drawn.clear()
            invalidate()
        } finally {
            wipe(drawn)
        }
    }

    private fun forget() {
        keypad = null
        touched = null
        wipe(faces)
        invalidate()
    }

    /** The pictures are wiped, not only dropped. */
    private fun wipe(pictures: MutableMap<Key, Bitmap>) {
        pictures.values.forEach { face ->
            face.eraseColor(0)
            face.recycle()
        }
        pictures.clear()
    }

    private suspend fun picture(open: Keypad, key: Key): Bitmap = open.face(key).use { face ->
        val picture = Bitmap.createBitmap(face.widthPx, face.heightPx, Bitmap.Config.ALPHA_8)
        // Rows of a bitmap may be longer than its width.
        val rows = java.nio.ByteBuffer.allocateDirect(picture.rowBytes * face.heightPx)
        for (row in 0 until face.heightPx) {
            for (column in 0 until face.widthPx) {
                rows.put(row * picture.rowBytes + column, face.alpha.get(row * face.widthPx + column))
            }
        }
        picture.copyPixelsFromBuffer(rows)
        for (at in 0 until rows.capacity()) rows.put(at, 0)
        picture
    }

    private fun at(event: MotionEvent): Key? = faces.keys.firstOrNull { place(it).contains(event.x, event.y) }

    private fun place(key: Key): RectF {
        val columns = faces.keys.maxOf { it.column + it.span }
        val rows = faces.keys.maxOf { it.row } + 1
        val (wide, high) = width.toFloat() / columns to height.toFloat() / rows
        return RectF(key.column * wide, key.row * high, (key.column + key.span) * wide, (key.row + 1) * high)
    }

    private fun facePx(): Int = (FACE_DP * resources.displayMetrics.density * resources.configuration.fontScale.coerceIn(1f, 1.3f)).toInt()

    private fun surface() = Surface(
        captureBlocked = secured,
        obscuredTouchesFiltered = filterTouchesWhenObscured,
        noTextField = true,
        nothingKept = true,
        audioPrivate = false,
    )

    private fun activity(): Activity? {
        var here: Context? = context
        while (here is ContextWrapper && here !is Activity) here = here.baseContext
        return here as? Activity
    }

    private companion object {
        const val ROWS = 4
        const val KEY_DP = 60f
        const val FACE_DP = 36f
        const val LIGHT_GROUND = 0xFFF7FAF8.toInt()
        const val LIGHT_INK = 0xFF15201C.toInt()
        const val LIGHT_LINE = 0xFFE0E6E3.toInt()
        const val DARK_GROUND = 0xFF121816.toInt()
        const val DARK_INK = 0xFFEAF2EE.toInt()
        const val DARK_LINE = 0xFF2A3431.toInt()
    }
}
