package io.msgpay.android.sheet

import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.LinearLayout
import java.text.DateFormat
import java.util.Date

/** Rows of a name and its value, with hairlines between; what is empty is left out. */
internal fun Look.facts(rows: List<Pair<Int, String?>>): View = column().also { table ->
    rows.filter { !it.second.isNullOrEmpty() }.forEach { (name, value) ->
        if (table.childCount > 0) table.addView(line(), LinearLayout.LayoutParams(LinearLayout.LayoutParams.MATCH_PARENT, 1))
        table.addView(fact(text(name), value.orEmpty()))
    }
}

private fun Look.fact(name: String, value: String) = LinearLayout(context).apply {
    orientation = if (large) LinearLayout.VERTICAL else LinearLayout.HORIZONTAL
    setPadding(0, dp(12), 0, dp(12))
    isBaselineAligned = true
    addView(label(name, 14, quiet, gravity = Gravity.START))
    val side = if (large) Gravity.START else Gravity.END
    val fill = LinearLayout.LayoutParams(if (large) LinearLayout.LayoutParams.MATCH_PARENT else 0, WRAP_CONTENT, if (large) 0f else 1f)
    if (!large) fill.marginStart = dp(16)
    addView(label(value, 14, ink, gravity = side), fill)
    // One stop for whoever listens.
    isFocusable = true
    contentDescription = "$name $value"
}

/** Whether text is so large that two columns no longer fit beside each other. */
internal val Look.large: Boolean get() = context.resources.configuration.fontScale >= 1.5f

/** The last characters of an order's number: enough to compare. */
internal fun tail(orderNo: String): String = "…" + orderNo.takeLast(6)

internal fun Look.time(unixS: Long): String {
    val locale = context.resources.configuration.locales[0]
    return DateFormat.getTimeInstance(DateFormat.SHORT, locale).format(Date(unixS * 1000))
}

internal fun Look.moment(unixS: Long): String {
    val locale = context.resources.configuration.locales[0]
    return DateFormat.getDateTimeInstance(DateFormat.MEDIUM, DateFormat.SHORT, locale).format(Date(unixS * 1000))
}
