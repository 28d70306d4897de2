package io.msgpay.android

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.RectF
import io.msgpay.Key
import io.msgpay.Keypad
import java.nio.ByteBuffer

/** The keys that are on the screen, and their pictures. Pictures are wiped, not only dropped. */
internal class KeyPictures(private val ink: Paint, private val line: Paint) {
    private var shown: Map<Key, Bitmap> = emptyMap()

    /** In reading order. */
    var keys: List<Key> = emptyList()
        private set

    /** All keys appear at once: nothing moves under a finger. */
    suspend fun take(keypad: Keypad) {
        val drawn = LinkedHashMap<Key, Bitmap>()
        try {
            val first = keypad.keys.filter { it.page == 0 }.sortedWith(compareBy(Key::row, Key::column))
            first.forEach { key -> drawn[key] = picture(keypad, key) }
            show(drawn)
        } catch (fault: Throwable) {
            wipe(drawn)
            throw fault
        }
    }

    fun forget() {
        show(emptyMap())
    }

    private fun show(next: Map<Key, Bitmap>) {
        wipe(shown)
        shown = next
        keys = next.keys.toList()
    }

    fun draw(canvas: Canvas, width: Int, height: Int) {
        for ((key, face) in shown) {
            val place = place(key, width, height)
            if (key.row > 0) canvas.drawRect(place.left, place.top, place.right, place.top + line.strokeWidth, line)
            if (key.column > 0) canvas.drawRect(place.left, place.top, place.left + line.strokeWidth, place.bottom, line)
            canvas.drawBitmap(face, place.centerX() - face.width / 2f, place.centerY() - face.height / 2f, ink)
        }
    }

    fun at(x: Float, y: Float, width: Int, height: Int): Key? = keys.firstOrNull { place(it, width, height).contains(x, y) }

    fun place(key: Key, width: Int, height: Int): RectF {
        val columns = keys.maxOf { it.column + it.span }
        val rows = keys.maxOf { it.row } + 1
        val (wide, high) = width.toFloat() / columns to height.toFloat() / rows
        return RectF(key.column * wide, key.row * high, (key.column + key.span) * wide, (key.row + 1) * high)
    }

    private suspend fun picture(keypad: Keypad, key: Key): Bitmap = keypad.face(key).use { face ->
        val picture = Bitmap.createBitmap(face.widthPx, face.heightPx, Bitmap.Config.ALPHA_8)
        // Rows of a bitmap may be longer than its width.
        val rows = ByteBuffer.allocateDirect(picture.rowBytes * face.heightPx)
        for (row in 0 until face.heightPx) {
            for (column in 0 until face.widthPx) {
                rows.put(row * picture.rowBytes + column, face.alpha.get(row * face.widthPx + column))
            }
        }
        picture.copyPixelsFromBuffer(rows)
        for (at in 0 until rows.capacity()) rows.put(at, 0)
        picture
    }

    private fun wipe(pictures: Map<Key, Bitmap>) = pictures.values.forEach { face ->
        face.eraseColor(0)
        face.recycle()
    }
}
