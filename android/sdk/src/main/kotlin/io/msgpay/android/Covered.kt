package io.msgpay.android

import android.view.MotionEvent

/** Whether another application's window lay over the place that was touched, or over any other place of the window. */
internal val MotionEvent.isCovered: Boolean
    get() = flags and (MotionEvent.FLAG_WINDOW_IS_OBSCURED or PARTIALLY_OBSCURED) != 0

/** MotionEvent's own name for it is of API 29. */
private const val PARTIALLY_OBSCURED = 0x2
