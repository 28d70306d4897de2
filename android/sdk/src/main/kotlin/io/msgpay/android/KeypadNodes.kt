package io.msgpay.android

import android.graphics.Rect
import android.os.Bundle
import android.view.MotionEvent
import android.view.View
import android.view.accessibility.AccessibilityEvent
import android.view.accessibility.AccessibilityManager
import android.view.accessibility.AccessibilityNodeInfo
import android.view.accessibility.AccessibilityNodeInfo.AccessibilityAction
import android.view.accessibility.AccessibilityNodeProvider
import io.msgpay.Key
import io.msgpay.KeyKind

/**
 * The keys for accessibility services: where they lie and how to press them. All keys that type are called the same:
 * no service learns a digit, and what a key says comes from the library's own voice.
 */
internal class KeypadNodes(private val view: View, private val pad: Pad) : AccessibilityNodeProvider() {
    /** What the nodes stand for. */
    interface Pad {
        val keys: List<Key>

        fun bounds(key: Key): Rect

        fun keyAt(x: Float, y: Float): Key?

        /** [key] is under the finger of somebody who explores. */
        fun explored(key: Key)

        fun pressed(key: Key)
    }

    private var focused: Int = View.NO_ID
    private var hovered: Int = View.NO_ID

    @Suppress("DEPRECATION" /* obtain: the constructors are of API 30 */)
    override fun createAccessibilityNodeInfo(id: Int): AccessibilityNodeInfo? {
        if (id == HOST_VIEW_ID) {
            return AccessibilityNodeInfo.obtain(view).also { host ->
                view.onInitializeAccessibilityNodeInfo(host)
                pad.keys.indices.forEach { host.addChild(view, it) }
            }
        }
        val key = pad.keys.getOrNull(id) ?: return null
        return AccessibilityNodeInfo.obtain(view, id).apply {
            setParent(view)
            packageName = view.context.packageName
            className = "android.widget.Button"
            contentDescription = view.context.getString(name(key))
            isEnabled = true
            isClickable = true
            isFocusable = true
            isVisibleToUser = view.isShown
            isAccessibilityFocused = focused == id
            addAction(AccessibilityAction.ACTION_CLICK)
            addAction(if (focused == id) AccessibilityAction.ACTION_CLEAR_ACCESSIBILITY_FOCUS else AccessibilityAction.ACTION_ACCESSIBILITY_FOCUS)
            place(this, pad.bounds(key))
        }
    }

    override fun performAction(id: Int, action: Int, arguments: Bundle?): Boolean {
        val key = pad.keys.getOrNull(id) ?: return false
        when (action) {
            AccessibilityNodeInfo.ACTION_ACCESSIBILITY_FOCUS -> {
                focused = id
                send(id, AccessibilityEvent.TYPE_VIEW_ACCESSIBILITY_FOCUSED)
                pad.explored(key)
            }
            AccessibilityNodeInfo.ACTION_CLEAR_ACCESSIBILITY_FOCUS -> {
                if (focused == id) focused = View.NO_ID
                send(id, AccessibilityEvent.TYPE_VIEW_ACCESSIBILITY_FOCUS_CLEARED)
            }
            // No event tells which one was pressed.
            AccessibilityNodeInfo.ACTION_CLICK -> pad.pressed(key)
            else -> return false
        }
        return true
    }

    /** Exploring by touch: the key under the finger offers itself. */
    fun hover(event: MotionEvent): Boolean {
        val under = if (event.actionMasked == MotionEvent.ACTION_HOVER_EXIT) null else pad.keyAt(event.x, event.y)
        val id = under?.let { pad.keys.indexOf(it) } ?: View.NO_ID
        if (id != hovered) {
            if (hovered != View.NO_ID) send(hovered, AccessibilityEvent.TYPE_VIEW_HOVER_EXIT)
            hovered = id
            if (id != View.NO_ID) send(id, AccessibilityEvent.TYPE_VIEW_HOVER_ENTER)
        }
        return id != View.NO_ID
    }

    /** The keys are others, or gone. */
    fun changed() {
        focused = View.NO_ID
        hovered = View.NO_ID
        view.sendAccessibilityEvent(AccessibilityEvent.TYPE_WINDOW_CONTENT_CHANGED)
    }

    private fun name(key: Key): Int = when (key.kind) {
        KeyKind.CHARACTER, KeyKind.PAGE -> R.string.msgpay_key
        KeyKind.DELETE -> R.string.msgpay_key_delete
        KeyKind.CONFIRM -> R.string.msgpay_key_confirm
    }

    @Suppress("DEPRECATION" /* setBoundsInParent: services before API 29 read it */)
    private fun place(node: AccessibilityNodeInfo, bounds: Rect) {
        node.setBoundsInParent(bounds)
        val at = IntArray(2).also(view::getLocationOnScreen)
        node.setBoundsInScreen(Rect(bounds).apply { offset(at[0], at[1]) })
    }

    @Suppress("DEPRECATION" /* obtain: the constructors are of API 30 */)
    private fun send(id: Int, type: Int) {
        if (view.context.getSystemService(AccessibilityManager::class.java)?.isEnabled != true) return
        val event = AccessibilityEvent.obtain(type)
        event.packageName = view.context.packageName
        event.className = "android.widget.Button"
        event.setSource(view, id)
        view.parent?.requestSendAccessibilityEvent(view, event)
    }
}
