package io.msgpay.android.sheet

import android.animation.ValueAnimator
import android.graphics.Canvas
import android.graphics.ColorFilter
import android.graphics.Paint
import android.graphics.Path
import android.graphics.PathMeasure
import android.graphics.PixelFormat
import android.graphics.drawable.Drawable

/** A small drawing of lines in a square of 24 units. */
internal class LineDrawing(private val path: Path, color: Int, private val unitsWide: Float) : Drawable() {
    private val pen = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        this.color = color
        style = Paint.Style.STROKE
        strokeCap = Paint.Cap.ROUND
        strokeJoin = Paint.Join.ROUND
    }

    /** How much of its line is drawn, 0 to 1. */
    var drawn: Float = 1f
        set(value) {
            field = value
            invalidateSelf()
        }

    /** Draws itself once; at once where animations are off. */
    fun write() {
        if (!ValueAnimator.areAnimatorsEnabled()) return
        ValueAnimator.ofFloat(0f, 1f).apply {
            duration = WRITE_MS
            addUpdateListener { drawn = it.animatedFraction }
            start()
        }
    }

    override fun draw(canvas: Canvas) {
        val scale = bounds.width() / UNITS
        canvas.save()
        canvas.translate(bounds.left.toFloat(), bounds.top.toFloat())
        canvas.scale(scale, scale)
        pen.strokeWidth = unitsWide
        canvas.drawPath(part(), pen)
        canvas.restore()
    }

    private fun part(): Path {
        if (drawn >= 1f) return path
        val part = Path()
        val measure = PathMeasure(path, false)
        do {
            measure.getSegment(0f, measure.length * drawn, part, true)
        } while (measure.nextContour())
        return part
    }

    override fun setAlpha(alpha: Int) {
        pen.alpha = alpha
    }

    override fun setColorFilter(filter: ColorFilter?) {
        pen.colorFilter = filter
    }

    @Deprecated("of the framework's own")
    override fun getOpacity(): Int = PixelFormat.TRANSLUCENT

    companion object {
        private const val UNITS = 24f
        private const val WRITE_MS = 320L

        fun tick() = Path().apply {
            moveTo(6f, 12.6f)
            lineTo(10.2f, 16.6f)
            lineTo(18f, 8.2f)
        }

        fun dash() = Path().apply {
            moveTo(7f, 12f)
            lineTo(17f, 12f)
        }

        fun clock() = Path().apply {
            addCircle(12f, 12f, 7f, Path.Direction.CW)
            moveTo(12f, 8.2f)
            lineTo(12f, 12f)
            lineTo(14.8f, 13.6f)
        }

        fun close() = Path().apply {
            moveTo(7f, 7f)
            lineTo(17f, 17f)
            moveTo(17f, 7f)
            lineTo(7f, 17f)
        }

        fun shield() = Path().apply {
            moveTo(12f, 3.4f)
            lineTo(19f, 6f)
            lineTo(19f, 11.4f)
            cubicTo(19f, 15.8f, 16f, 19.2f, 12f, 20.6f)
            cubicTo(8f, 19.2f, 5f, 15.8f, 5f, 11.4f)
            lineTo(5f, 6f)
            close()
            moveTo(8.8f, 11.9f)
            lineTo(11.2f, 14.2f)
            lineTo(15.4f, 9.6f)
        }

        fun headphones() = Path().apply {
            moveTo(4.5f, 15f)
            lineTo(4.5f, 12f)
            cubicTo(4.5f, 7.6f, 7.9f, 4.5f, 12f, 4.5f)
            cubicTo(16.1f, 4.5f, 19.5f, 7.6f, 19.5f, 12f)
            lineTo(19.5f, 15f)
            addRoundRect(4.5f, 13f, 8f, 19f, 1.4f, 1.4f, Path.Direction.CW)
            addRoundRect(16f, 13f, 19.5f, 19f, 1.4f, 1.4f, Path.Direction.CW)
        }

        fun finger() = Path().apply {
            moveTo(6.2f, 16.4f)
            cubicTo(6.6f, 15f, 6.5f, 13.6f, 6.5f, 12f)
            cubicTo(6.5f, 8.8f, 9f, 6.5f, 12f, 6.5f)
            cubicTo(15f, 6.5f, 17.5f, 8.8f, 17.5f, 12f)
            cubicTo(17.5f, 14f, 17.4f, 15.4f, 17f, 17f)
            moveTo(9.2f, 18.4f)
            cubicTo(9.9f, 16.4f, 10f, 14.6f, 10f, 12f)
            cubicTo(10f, 9.4f, 14f, 9.4f, 14f, 12f)
            cubicTo(14f, 14.8f, 13.8f, 16.8f, 13f, 19.4f)
        }
    }
}
