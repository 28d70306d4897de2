package io.msgpay.android

import android.graphics.Bitmap
import android.graphics.Color
import io.msgpay.desktop.Stage

/** Which of the twelve cells shows which digit, read from the pixels of the screen. */
fun Stage.readDrawn(drawn: Bitmap): Map<Int, Int> {
    val (wide, high) = drawn.width / 3 to drawn.height / 4
    val cells = (0..8) + 10
    val side = minOf(wide, high) / 2 * 2
    val ground = Color.red(drawn.getPixel(3, 3))
    val pictures = cells.map { cell ->
        val (left, top) = (cell % 3) * wide + (wide - FACE) / 2 to (cell / 3) * high + (high - FACE) / 2
        check(side >= FACE)
        ByteArray(FACE * FACE) { at ->
            val shade = Color.red(drawn.getPixel(left + at % FACE, top + at / FACE))
            ((ground - shade).coerceIn(0, 255)).toByte()
        }
    }
    return readPictures(FACE, FACE, pictures).mapIndexed { at, digit -> digit to cells[at] }.toMap()
}

private const val FACE = 36
