package io.msgpay.android.sheet

import android.animation.ValueAnimator
import android.content.Context
import android.graphics.drawable.GradientDrawable
import android.view.Gravity
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.WindowInsets
import android.view.animation.PathInterpolator
import android.widget.FrameLayout
import android.widget.LinearLayout
import io.msgpay.android.R
import io.msgpay.android.isCovered

/** The sheet over the chat: whose it is, a way out, and one page after another. */
internal class SheetView(context: Context, private val leave: () -> Unit) : FrameLayout(context) {
    val look = Look(context)
    private val institution = look.label("", 14, look.quiet, gravity = Gravity.START)
    private val way = closing()
    private val place = FrameLayout(context)
    private val panel = LinearLayout(context)

    init {
        setBackgroundColor(look.color(R.color.msgpay_scrim))
        filterTouchesWhenObscured = true
        importantForAutofill = IMPORTANT_FOR_AUTOFILL_NO_EXCLUDE_DESCENDANTS
        panel.apply {
            orientation = LinearLayout.VERTICAL
            val round = look.dp(Look.SHEET_RADIUS_DP).toFloat()
            background = GradientDrawable().apply {
                setColor(look.paper)
                cornerRadii = floatArrayOf(round, round, round, round, 0f, 0f, 0f, 0f)
            }
            clipToOutline = true
            isClickable = true
            addView(head(), LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
            addView(place, LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT, 1f))
        }
        addView(panel, LayoutParams(MATCH_PARENT, WRAP_CONTENT, Gravity.BOTTOM or Gravity.CENTER_HORIZONTAL))
        accessibilityPaneTitle(look.text(R.string.msgpay_sheet))
    }

    /** Shows [page] instead of what was there. */
    fun show(page: View, institution: String?, mayLeave: Boolean) {
        this.institution.text = institution.orEmpty()
        way.visibility = if (mayLeave) VISIBLE else INVISIBLE
        place.removeAllViews()
        place.addView(page, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
    }

    /** Once, when it opens; not where animations are off. */
    fun rise() {
        if (!ValueAnimator.areAnimatorsEnabled()) return
        alpha = 0f
        panel.translationY = look.dp(RISE_DP).toFloat()
        val ease = PathInterpolator(0.2f, 0f, 0f, 1f)
        animate().alpha(1f).setDuration(RISE_MS).setInterpolator(ease).start()
        panel.animate().translationY(0f).setDuration(RISE_MS).setInterpolator(ease).start()
    }

    /** The ground of the sheet reaches under the system's bars; what is on it does not. */
    @Suppress("DEPRECATION" /* the insets' types are of API 30 */)
    override fun onApplyWindowInsets(insets: WindowInsets): WindowInsets {
        panel.setPadding(insets.systemWindowInsetLeft, 0, insets.systemWindowInsetRight, insets.systemWindowInsetBottom)
        setPadding(0, insets.systemWindowInsetTop, 0, 0)
        return insets.consumeSystemWindowInsets()
    }

    /** A window over a part of the sheet may say another amount or another payee. */
    override fun onFilterTouchEventForSecurity(event: MotionEvent): Boolean =
        !event.isCovered && super.onFilterTouchEventForSecurity(event)

    override fun onMeasure(widthSpec: Int, heightSpec: Int) {
        val wide = MeasureSpec.getSize(widthSpec)
        panel.layoutParams.width = if (wide > look.dp(WIDE_DP)) look.dp(WIDE_DP) else MATCH_PARENT
        super.onMeasure(widthSpec, heightSpec)
    }

    private fun head(): View = LinearLayout(context).apply {
        gravity = Gravity.CENTER_VERTICAL
        setPadding(look.dp(Look.MARGIN_DP), look.dp(4), look.dp(4), 0)
        addView(look.icon(LineDrawing(LineDrawing.shield(), look.accent, 1.8f), 20, 0))
        addView(institution, LinearLayout.LayoutParams(0, WRAP_CONTENT, 1f).apply { marginStart = look.dp(8) })
        addView(way, LinearLayout.LayoutParams(look.dp(TOUCH_DP), look.dp(TOUCH_DP)))
    }

    private fun closing() = look.icon(LineDrawing(LineDrawing.close(), look.quiet, 1.8f), TOUCH_DP, 12).apply {
        contentDescription = look.text(R.string.msgpay_close)
        importantForAccessibility = IMPORTANT_FOR_ACCESSIBILITY_YES
        isFocusable = true
        setOnClickListener { leave() }
    }

    private fun accessibilityPaneTitle(title: String) {
        if (android.os.Build.VERSION.SDK_INT >= android.os.Build.VERSION_CODES.P) setAccessibilityPaneTitle(title)
    }

    private companion object {
        const val RISE_MS = 240L
        const val RISE_DP = 320
        const val WIDE_DP = 720
        const val TOUCH_DP = 48
    }
}
