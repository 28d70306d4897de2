package io.msgpay.android.sheet

import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.RectF
import android.view.View
import io.msgpay.android.R

/** A cell for each character, filled by a dot. It knows a number, and never a character. */
internal class CellsView(private val look: Look, private val cells: Int) : View(look.context) {
    private val edge = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        style = Paint.Style.STROKE
        strokeWidth = look.dp(1).toFloat()
        color = look.hair
    }
    private val ground = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = look.ground }
    private val dot = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = look.ink }

    /** How many are filled. */
    var filled: Int = 0
        set(value) {
            field = value
            contentDescription = look.text(R.string.msgpay_entered, value, cells)
            invalidate()
        }

    init {
        filled = 0
        accessibilityLiveRegion = ACCESSIBILITY_LIVE_REGION_POLITE
    }

    override fun onMeasure(widthSpec: Int, heightSpec: Int) {
        val wanted = cells * look.dp(CELL_DP) + (cells - 1) * look.dp(GAP_DP)
        val width = resolveSize(wanted, widthSpec)
        setMeasuredDimension(width, resolveSize(side(width).toInt() + look.dp(2), heightSpec))
    }

    private fun side(width: Int) = minOf(look.dp(CELL_DP).toFloat(), (width - (cells - 1f) * look.dp(GAP_DP)) / cells)

    override fun onDraw(canvas: Canvas) {
        val side = side(width) - edge.strokeWidth
        val all = cells * side + (cells - 1) * look.dp(GAP_DP)
        val radius = look.dp(RADIUS_DP).toFloat()
        for (at in 0 until cells) {
            val left = (width - all) / 2 + at * (side + look.dp(GAP_DP))
            val top = (height - side) / 2
            val cell = RectF(left, top, left + side, top + side)
            canvas.drawRoundRect(cell, radius, radius, ground)
            canvas.drawRoundRect(cell, radius, radius, edge)
            if (at < filled) canvas.drawCircle(cell.centerX(), cell.centerY(), look.dp(DOT_DP).toFloat(), dot)
        }
    }

    private companion object {
        const val CELL_DP = 44
        const val GAP_DP = 8
        const val RADIUS_DP = 10
        const val DOT_DP = 6
    }
}
