package io.msgpay.android.sheet

import android.graphics.Path
import android.graphics.drawable.Drawable
import android.widget.ImageView
import io.msgpay.android.R

/** A drawn mark in a disc of its colour. */
internal fun Look.mark(path: Path, ink: Int, wash: Int): ImageView {
    val drawing = LineDrawing(path, color(ink), 1.8f)
    return icon(drawing, 64, 12).apply {
        background = rounded(color(wash), 32)
        drawing.write()
    }
}

internal fun Look.icon(drawing: Drawable, sizeDp: Int, paddingDp: Int) = ImageView(context).apply {
    setImageDrawable(drawing)
    scaleType = ImageView.ScaleType.FIT_XY
    setPadding(dp(paddingDp), dp(paddingDp), dp(paddingDp), dp(paddingDp))
    minimumWidth = dp(sizeDp)
    minimumHeight = dp(sizeDp)
    importantForAccessibility = ImageView.IMPORTANT_FOR_ACCESSIBILITY_NO
}

/** The three ends of a payment: a tick, a neutral dash, a clock that is still running. */
internal enum class End(val path: () -> Path, val ink: Int, val wash: Int) {
    DONE(LineDrawing.Companion::tick, R.color.msgpay_accent, R.color.msgpay_accent_wash),
    NOT(LineDrawing.Companion::dash, R.color.msgpay_ink_2, R.color.msgpay_paper_2),
    OPEN(LineDrawing.Companion::clock, R.color.msgpay_wait, R.color.msgpay_wait_wash),
}
