package io.msgpay.android.sheet

import android.content.res.ColorStateList
import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import android.widget.ProgressBar
import io.msgpay.Review
import io.msgpay.android.R

/** Something takes a moment. */
internal fun Look.waitPage(words: Int, review: Any?): View = column().apply {
    gravity = Gravity.CENTER_HORIZONTAL
    setPadding(dp(Look.MARGIN_DP), dp(16), dp(Look.MARGIN_DP), dp(40))
    val wheel = ProgressBar(context).apply { indeterminateTintList = ColorStateList.valueOf(accent) }
    addView(wheel, LinearLayout.LayoutParams(dp(40), dp(40)))
    if (review is Review) addView(amount(review.amountYuan, Look.SP_AMOUNT_SMALL).apply { setPadding(0, dp(16), 0, 0) })
    addView(label(text(words), 14, quiet).apply {
        setPadding(0, dp(12), 0, 0)
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
    })
}

/** The phone's prompt lies over this; when it went, it can be asked for again. */
internal fun Look.touchPage(review: Any?, ask: () -> Unit, byPassword: (() -> Unit)?): View {
    val body = column(
        LinearLayout(context).apply {
            gravity = Gravity.CENTER
            setPadding(0, dp(8), 0, dp(12))
            addView(icon(LineDrawing(LineDrawing.finger(), accent, 1.6f), 64, 8).apply { background = rounded(color(R.color.msgpay_accent_wash), 32) })
        },
        if (review is Review) amount(review.amountYuan, Look.SP_AMOUNT) else gap(0),
        if (review is Review) label(review.payeeName, 16) else gap(0),
    ).apply { setPadding(dp(Look.MARGIN_DP), 0, dp(Look.MARGIN_DP), dp(16)) }
    val foot = column(primary(text(R.string.msgpay_touch_ask), ask)).apply {
        setPadding(dp(Look.MARGIN_DP), dp(8), dp(Look.MARGIN_DP), dp(Look.MARGIN_DP))
        if (byPassword != null) addView(secondary(text(R.string.msgpay_type_instead), byPassword))
    }
    return page(body, foot)
}
