package io.msgpay.android

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Rect
import android.os.Build
import android.util.AttributeSet
import android.view.MotionEvent
import android.view.View
import android.view.WindowManager
import android.view.accessibility.AccessibilityNodeProvider
import io.msgpay.Key
import io.msgpay.KeyKind
import io.msgpay.Keypad
import io.msgpay.KeypadFault
import io.msgpay.MsgPayException
import io.msgpay.PasswordEntry
import io.msgpay.Surface
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch

/**
 * Draws a keypad and passes touches on. It knows no digit: it draws pictures, and presses the key that was touched.
 *
 * While it is attached its window is secure (no screenshots, no recording). Touches through another application's
 * window are dropped. There is no highlight, sound or vibration, for any key. It wipes when it leaves the screen, when
 * the screen is captured, and after three minutes without a press.
 */
public class MsgPayKeypadView @JvmOverloads constructor(
    context: Context,
    attributes: AttributeSet? = null,
) : View(context, attributes) {
    private val scope = mainScope()
    private val voice = KeypadVoice(context, mainHandler)
    private val pictures = KeyPictures(
        ink = Paint(Paint.ANTI_ALIAS_FLAG or Paint.FILTER_BITMAP_FLAG).apply { color = context.getColor(R.color.msgpay_ink) },
        line = Paint().apply {
            color = context.getColor(R.color.msgpay_hair)
            strokeWidth = resources.displayMetrics.density.coerceAtLeast(1f)
        },
    )
    private val nodes = KeypadNodes(this, Pad())
    private var capture: CaptureWatch? = null
    private var waiting: PasswordEntry? = null
    private var spoken = false
    private var keypad: Keypad? = null
    private var touched: Key? = null

    /** Of the finger that [touched]. */
    private var finger = MotionEvent.INVALID_POINTER_ID
    private var opening: Job? = null

    /** Is told the number of characters: 0 when a keypad has opened, then after each press. */
    public var onLength: (Int) -> Unit = {}

    /** Is told when a press or a confirmation was refused; when the entry is gone, the session gives its step again. */
    public var onFault: (MsgPayException) -> Unit = {}

    /** Whether the keypad's own key confirms. Above a web page it does not: the page does. */
    public var confirms: Boolean = true

    /** Is told when the entry was confirmed: the session goes on. */
    public var onConfirmed: () -> Unit = {}

    init {
        filterTouchesWhenObscured = true
        isHapticFeedbackEnabled = false
        isSoundEffectsEnabled = false
        isSaveEnabled = false
        importantForAutofill = IMPORTANT_FOR_AUTOFILL_NO_EXCLUDE_DESCENDANTS
        importantForAccessibility = IMPORTANT_FOR_ACCESSIBILITY_YES
        contentDescription = context.getString(R.string.msgpay_entry)
        // Only services that help people see this view at all.
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            setAccessibilityDataSensitive(ACCESSIBILITY_DATA_SENSITIVE_YES)
        }
        setBackgroundColor(context.getColor(R.color.msgpay_paper_2))
    }

    /** Whether a keypad that is listened to would be heard by one person alone: headphones of this person's own. */
    public val canSpeak: Boolean get() = voice.isPrivate

    /** Whether this person explores the phone by touch and would rather hear the keys. */
    public val wantsToHear: Boolean get() = voice.wanted

    /**
     * Opens a keypad for [entry] and draws it as soon as this view is on the screen.
     *
     * @param spoken keys say what they are instead of showing it; for this [canSpeak] has to be true
     */
    @JvmOverloads
    public fun show(entry: PasswordEntry, spoken: Boolean = false) {
        wipe()
        waiting = entry
        this.spoken = spoken
        if (isAttachedToWindow && windowVisibility == VISIBLE) openWaiting()
    }

    /** Wipes what was typed and what is drawn. The session gives its step again, with a fresh entry. */
    public fun wipe() {
        scope.coroutineContext.cancelChildren()
        keypad?.close()
        forget()
    }

    private fun openWaiting() {
        val entry = waiting ?: return
        waiting = null
        // At once: one that is wiped before it has begun would leave an entry that nobody opens.
        opening = scope.launch(start = CoroutineStart.UNDISPATCHED) {
            faults(keypad) {
                val open = if (spoken) entry.openSpoken(surface(), facePx(), voice.language) else entry.open(surface(), facePx())
                keypad = open
                pictures.take(open)
                nodes.changed()
                invalidate()
                if (spoken) voice.watch(::routeChanged)
                wipeWhenIdle(open)
                onLength(0)
            }
        }
    }

    private fun wipeWhenIdle(open: Keypad) = scope.launch {
        while (keypad === open) {
            delay(IDLE_LOOK_MS)
            faults(open) { if (open.wipeIfIdle()) gone(KeypadFault.IDLE) }
        }
    }

    override fun onAttachedToWindow() {
        super.onAttachedToWindow()
        secure()
        capture = context.activity()?.let { CaptureWatch(it, ::captured) }?.also(CaptureWatch::start)
    }

    /** The window that this view lies in; a dialog has one of its own. */
    private val window: WindowManager.LayoutParams? get() = rootView.layoutParams as? WindowManager.LayoutParams

    private fun secure() {
        val window = window ?: return
        window.flags = window.flags or WindowManager.LayoutParams.FLAG_SECURE
        context.getSystemService(WindowManager::class.java)?.updateViewLayout(rootView, window)
    }

    override fun onDetachedFromWindow() {
        capture?.stop()
        capture = null
        wipe()
        super.onDetachedFromWindow()
    }

    override fun onWindowVisibilityChanged(visibility: Int) {
        super.onWindowVisibilityChanged(visibility)
        if (visibility == VISIBLE) openWaiting() else if (keypad != null || opening?.isActive == true) wipe()
    }

    override fun onMeasure(widthSpec: Int, heightSpec: Int) {
        val keyHeight = (KEY_DP * resources.displayMetrics.density).toInt()
        setMeasuredDimension(getDefaultSize(suggestedMinimumWidth, widthSpec), resolveSize(keyHeight * ROWS, heightSpec))
    }

    override fun onDraw(canvas: Canvas) {
        super.onDraw(canvas)
        pictures.draw(canvas, width, height)
    }

    override fun onFilterTouchEventForSecurity(event: MotionEvent): Boolean {
        return !event.isCovered && super.onFilterTouchEventForSecurity(event)
    }

    override fun onTouchEvent(event: MotionEvent): Boolean {
        val at = event.actionIndex
        when (event.actionMasked) {
            MotionEvent.ACTION_DOWN, MotionEvent.ACTION_POINTER_DOWN -> {
                // Two thumbs overlap: the next one down ends the touch before it.
                lift(event, event.findPointerIndex(finger))
                finger = event.getPointerId(at)
                touched = at(event, at)
            }
            MotionEvent.ACTION_UP, MotionEvent.ACTION_POINTER_UP -> if (event.getPointerId(at) == finger) lift(event, at)
            MotionEvent.ACTION_CANCEL -> touched = null
        }
        return true
    }

    /** The finger goes; what it went down on is pressed when it is still there. */
    private fun lift(event: MotionEvent, pointer: Int) {
        val key = touched
        touched = null
        finger = MotionEvent.INVALID_POINTER_ID
        if (key != null && pointer >= 0 && key == at(event, pointer)) press(key)
    }

    override fun dispatchHoverEvent(event: MotionEvent): Boolean =
        (voice.wanted && nodes.hover(event)) || super.dispatchHoverEvent(event)

    override fun getAccessibilityNodeProvider(): AccessibilityNodeProvider = nodes

    /** At once: a coroutine that held [key] would lie on the heap after it. */
    private fun press(key: Key) {
        val open = keypad ?: return
        // What is heard tells which key it is: the sound goes with the press.
        voice.hush()
        if (key.kind == KeyKind.CONFIRM) return if (confirms) confirm(open) else Unit
        try {
            onLength(open.press(key))
        } catch (fault: MsgPayException) {
            refused(open, fault)
        }
    }

    private fun confirm(open: Keypad) {
        scope.launch {
            faults(open) {
                open.confirm()
                forget()
                onConfirmed()
            }
        }
    }

    /** At once, as a press: what was heard last tells what is pressed next. */
    private fun say(key: Key) {
        val open = keypad ?: return
        if (!spoken) return
        try {
            if (!voice.say(open, key)) routeChanged()
        } catch (fault: MsgPayException) {
            refused(open, fault)
        }
    }

    /** Headphones came or went: what was promised of the sound may not hold any more. */
    private fun routeChanged() {
        val open = keypad ?: return
        scope.launch { faults(open) { open.surfaceChanged(surface()) } }
    }

    private fun captured() {
        val open = keypad ?: return
        open.captureDetected()
        gone(KeypadFault.CAPTURED)
    }

    private fun gone(fault: KeypadFault) {
        forget()
        onFault(MsgPayException.Keypad(fault, true))
    }

    private suspend fun faults(open: Keypad?, work: suspend () -> Unit) {
        try {
            work()
        } catch (fault: MsgPayException) {
            refused(open, fault)
        }
    }

    private fun refused(open: Keypad?, fault: MsgPayException) {
        // Confirmed or wiped meanwhile: nobody's fault.
        if (keypad !== open) return
        if (fault !is MsgPayException.Keypad || fault.wiped) forget()
        onFault(fault)
    }

    private fun forget() {
        waiting = null
        keypad = null
        touched = null
        voice.hush()
        voice.unwatch()
        pictures.forget()
        nodes.changed()
        invalidate()
    }

    private fun at(event: MotionEvent, pointer: Int): Key? = pictures.at(event.getX(pointer), event.getY(pointer), width, height)

    private inner class Pad : KeypadNodes.Pad {
        override val keys: List<Key> get() = pictures.keys

        override fun bounds(key: Key) = Rect().also { pictures.place(key, width, height).roundOut(it) }

        override fun keyAt(x: Float, y: Float): Key? = pictures.at(x, y, width, height)

        override fun explored(key: Key) = say(key)

        override fun pressed(key: Key) = press(key)
    }

    private fun facePx(): Int =
        (FACE_DP * resources.displayMetrics.density * resources.configuration.fontScale.coerceIn(1f, FACE_SCALE_MAX)).toInt()

    private fun surface() = Surface(
        captureBlocked = window.let { it != null && it.flags and WindowManager.LayoutParams.FLAG_SECURE != 0 },
        obscuredTouchesFiltered = filterTouchesWhenObscured,
        noTextField = true,
        nothingKept = true,
        audioPrivate = spoken && voice.isPrivate,
    )

    private companion object {
        const val ROWS = 4
        const val KEY_DP = 60f
        const val FACE_DP = 36f

        /** A larger face would touch its neighbours. */
        const val FACE_SCALE_MAX = 1.3f
        const val IDLE_LOOK_MS = 5_000L
    }
}
