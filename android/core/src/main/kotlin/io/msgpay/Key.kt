package io.msgpay

import java.io.Closeable
import java.nio.ByteBuffer

/** What a key is for. */
public enum class KeyKind {
    /** Types a character; which one only its picture says. */
    CHARACTER,

    /** Takes the last character back. */
    DELETE,

    /** Confirms. */
    CONFIRM,

    /** Shows another page. */
    PAGE,
}

/** Where a key lies and what it is for. It has no label. */
public class Key internal constructor(internal val index: Int, place: KeyPlace) {
    internal val action: KeyAction = place.action

    /** What it is for. */
    public val kind: KeyKind = when (action) {
        is KeyAction.Slot -> KeyKind.CHARACTER
        KeyAction.Delete -> KeyKind.DELETE
        KeyAction.Confirm -> KeyKind.CONFIRM
        is KeyAction.Page -> KeyKind.PAGE
    }

    /** The page that it shows, of a key of [KeyKind.PAGE]. */
    public val opensPage: Int? = (action as? KeyAction.Page)?.page?.toInt()

    /** Shown together with the keys of the same page; page 0 first. */
    public val page: Int = place.page.toInt()

    /** From the top, from 0. */
    public val row: Int = place.row.toInt()

    /** From the left, from 0. */
    public val column: Int = place.column.toInt()

    /** Columns that it covers. */
    public val span: Int = place.span.toInt()

    /** Columns of its picture. */
    public val widthPx: Int = place.widthPx.toInt()

    /** Rows of its picture. */
    public val heightPx: Int = place.heightPx.toInt()

    /** Samples of its sound; 0 on a keypad that is seen. */
    public val samples: Int = place.samples.toInt()
}

/**
 * The picture of a key. Closing fills it with zeros.
 *
 * @property widthPx columns
 * @property heightPx rows
 */
public class Face internal constructor(public val widthPx: Int, public val heightPx: Int) : Closeable {
    /** Row after row, 0 clear, 255 ink. */
    public val alpha: ByteBuffer = ByteBuffer.allocateDirect(widthPx * heightPx)

    override fun close() {
        for (at in 0 until alpha.capacity()) alpha.put(at, 0)
    }
}
