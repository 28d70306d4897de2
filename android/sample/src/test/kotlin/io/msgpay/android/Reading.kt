package io.msgpay.android

import android.graphics.Bitmap
import android.graphics.Color
import io.msgpay.desktop.Stage
import kotlin.math.abs

/** Which of the twelve cells shows which digit, read from the pixels of the screen. */
fun Stage.readDrawn(drawn: Bitmap, facePx: Int): Map<Int, Int> {
    val (wide, high) = drawn.width / 3f to drawn.height / 4f
    val cells = (0..8) + 10
    val pictures = cells.map { cell ->
        val left = ((cell % 3 + 0.5f) * wide - facePx / 2f).toInt()
        val top = ((cell / 3 + 0.5f) * high - facePx / 2f).toInt()
        Pixels(drawn, left, top, facePx)
    }
    val ground = Color.green(drawn.getPixel(4, 4))
    val ink = pictures.maxOf { it.farthest(ground) }.coerceAtLeast(1)
    return readPictures(facePx, facePx, pictures.map { it.alpha(ground, ink) }).mapIndexed { at, digit -> digit to cells[at] }.toMap()
}

/** Whether anything is drawn in the middle of the last digit's cell. */
fun isInked(drawn: Bitmap, facePx: Int): Boolean {
    val ground = Color.green(drawn.getPixel(4, 4))
    return Pixels(drawn, drawn.width / 2 - facePx / 2, drawn.height * 7 / 8 - facePx / 2, facePx).farthest(ground) > 100
}

private class Pixels(private val drawn: Bitmap, private val left: Int, private val top: Int, private val side: Int) {
    private fun shade(at: Int) = Color.green(drawn.getPixel(left + at % side, top + at / side))

    fun farthest(ground: Int) = (0 until side * side).maxOf { abs(shade(it) - ground) }

    fun alpha(ground: Int, ink: Int) = ByteArray(side * side) { (abs(shade(it) - ground) * 255 / ink).coerceAtMost(255).toByte() }
}
