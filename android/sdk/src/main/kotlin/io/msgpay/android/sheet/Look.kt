package io.msgpay.android.sheet

import android.content.Context
import android.content.res.ColorStateList
import android.content.res.Configuration
import android.graphics.Typeface
import android.graphics.drawable.ColorDrawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.RippleDrawable
import android.text.SpannableString
import android.text.Spanned
import android.text.style.RelativeSizeSpan
import android.text.style.TypefaceSpan
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import io.msgpay.android.R

/** Colours, sizes and the few kinds of view that the sheet is made of. */
internal class Look(val context: Context) {
    val paper = color(R.color.msgpay_paper)
    val ground = color(R.color.msgpay_paper_2)
    val ink = color(R.color.msgpay_ink)
    val quiet = color(R.color.msgpay_ink_2)
    val hair = color(R.color.msgpay_hair)
    val accent = color(R.color.msgpay_accent)
    val onAccent = color(R.color.msgpay_on_accent)

    fun color(id: Int): Int = context.getColor(id)

    fun text(id: Int, vararg values: Any): String = context.getString(id, *values)

    fun dp(size: Int): Int = (size * context.resources.displayMetrics.density + 0.5f).toInt()

    fun label(text: CharSequence, sp: Int, color: Int = ink, bold: Boolean = false, gravity: Int = Gravity.CENTER_HORIZONTAL) =
        TextView(context).apply {
            this.text = text
            textSize = sp.toFloat()
            setTextColor(color)
            this.gravity = gravity
            typeface = if (bold) MEDIUM else Typeface.SANS_SERIF
            fontFeatureSettings = "tnum"
            setLineSpacing(0f, if (sp >= SP_AMOUNT_SMALL) 1f else 1.2f)
        }

    /** The amount, with a thin sign of the currency. */
    fun amount(yuan: String, sp: Int) = label(yuan, sp, bold = true).apply {
        val text = SpannableString("¥\u2009$yuan")
        text.setSpan(TypefaceSpan("sans-serif-light"), 0, 1, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
        text.setSpan(RelativeSizeSpan(SIGN), 0, 1, Spanned.SPAN_EXCLUSIVE_EXCLUSIVE)
        this.text = text
        maxLines = 1
        setAutoSizeTextTypeUniformWithConfiguration(SP_AMOUNT_MIN, sp, 1, android.util.TypedValue.COMPLEX_UNIT_SP)
    }

    fun primary(text: String, act: () -> Unit) = button(text, onAccent, accent, color(R.color.msgpay_accent_down), act)

    fun secondary(text: String, act: () -> Unit) = button(text, accent, paper, color(R.color.msgpay_accent_wash), act)

    private fun button(text: String, ink: Int, ground: Int, down: Int, act: () -> Unit) = Button(context).apply {
        this.text = text
        isAllCaps = false
        textSize = SP_BUTTON
        setTextColor(ink)
        typeface = MEDIUM
        fontFeatureSettings = "tnum"
        stateListAnimator = null
        minHeight = dp(BUTTON_DP)
        setPadding(dp(16), dp(10), dp(16), dp(10))
        background = RippleDrawable(ColorStateList.valueOf(down), rounded(ground, BUTTON_RADIUS_DP), rounded(ground, BUTTON_RADIUS_DP))
        filterTouchesWhenObscured = true
        // A second tap on the same screen answers nothing any more.
        setOnClickListener {
            isEnabled = false
            act()
        }
    }

    fun rounded(color: Int, radiusDp: Int) = GradientDrawable().apply {
        setColor(color)
        cornerRadius = dp(radiusDp).toFloat()
    }

    fun column(vararg parts: View) = LinearLayout(context).apply {
        orientation = LinearLayout.VERTICAL
        parts.forEach { addView(it, LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT)) }
    }

    /** What may be longer than the screen scrolls; [foot] stays in sight, beside it where the screen is low. */
    fun page(body: View, foot: View?) = LinearLayout(context).apply {
        orientation = if (low) LinearLayout.HORIZONTAL else LinearLayout.VERTICAL
        gravity = Gravity.CENTER_VERTICAL
        val scroll = ScrollView(context).apply {
            isVerticalScrollBarEnabled = false
            addView(body, FrameLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        }
        addView(scroll, LinearLayout.LayoutParams(if (low) 0 else MATCH_PARENT, WRAP_CONTENT, 1f))
        if (foot != null) addView(foot, LinearLayout.LayoutParams(if (low) 0 else MATCH_PARENT, WRAP_CONTENT, if (low) 1f else 0f))
    }

    /** Whether the screen lies on its side: keys and buttons then stand beside what they belong to. */
    val low: Boolean get() = context.resources.configuration.orientation == Configuration.ORIENTATION_LANDSCAPE

    fun line() = View(context).apply {
        background = ColorDrawable(hair)
        minimumHeight = 1
    }

    fun gap(heightDp: Int) = View(context).apply { minimumHeight = dp(heightDp) }

    companion object {
        val MEDIUM: Typeface = Typeface.create("sans-serif-medium", Typeface.NORMAL)
        const val SP_AMOUNT = 40
        const val SP_AMOUNT_SMALL = 28
        const val MARGIN_DP = 16
        const val SHEET_RADIUS_DP = 24
        private const val SP_AMOUNT_MIN = 16
        private const val SP_BUTTON = 16f
        private const val BUTTON_DP = 52
        private const val BUTTON_RADIUS_DP = 12
        private const val SIGN = 0.7f
    }
}
