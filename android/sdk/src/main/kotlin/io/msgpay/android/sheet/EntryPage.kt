package io.msgpay.android.sheet

import android.view.View
import android.widget.LinearLayout
import io.msgpay.EntryUse
import io.msgpay.KeypadFault
import io.msgpay.MsgPayException
import io.msgpay.PasswordEntry
import io.msgpay.Review
import io.msgpay.android.MsgPayKeypadView
import io.msgpay.android.R

/** What is typed for, six cells, and the keypad. */
internal class EntryPage(
    private val look: Look,
    private val entry: PasswordEntry,
    review: Any?,
    wiped: MsgPayException?,
) {
    private val cells = CellsView(look, entry.lengthMax)
    private val note = look.label(said(wiped), 12, if (wiped == null) look.quiet else look.color(R.color.msgpay_wait))
    private val choice = look.column()

    /** To be told how it goes. */
    val keypad = MsgPayKeypadView(look.context)

    /** Is told when the keypad has opened, and after each press. */
    var onTyped: () -> Unit = {}

    val view: View = look.page(words(review), keypad)

    init {
        keypad.onLength = {
            cells.filled = it
            onTyped()
        }
        when {
            !keypad.wantsToHear -> keypad.show(entry)
            keypad.canSpeak -> keypad.show(entry, spoken = true)
            else -> offer()
        }
    }

    /** Somebody explores by touch and nothing would speak to this person alone. */
    private fun offer() {
        note.text = look.text(R.string.msgpay_headphones)
        choice.addView(look.primary(look.text(R.string.msgpay_listen)) { chosen(spoken = true) })
        choice.addView(look.secondary(look.text(R.string.msgpay_see_instead)) { chosen(spoken = false) })
    }

    private fun chosen(spoken: Boolean) {
        choice.removeAllViews()
        if (spoken && !keypad.canSpeak) return offer()
        note.text = look.text(R.string.msgpay_pad_note)
        keypad.show(entry, spoken)
    }

    private fun words(review: Any?): View = look.column(
        look.label(look.text(title()), 20, bold = true),
        if (review is Review) look.amount(review.amountYuan, Look.SP_AMOUNT_SMALL) else look.gap(0),
        if (review is Review) look.label(review.payeeName, 14, look.quiet) else look.gap(0),
        cells.apply { setPadding(0, look.dp(4), 0, look.dp(4)) },
        note,
        choice,
    ).apply {
        setPadding(look.dp(Look.MARGIN_DP), look.dp(4), look.dp(Look.MARGIN_DP), look.dp(12))
        spread(this)
    }

    private fun spread(column: LinearLayout) {
        for (at in 1 until column.childCount) {
            (column.getChildAt(at).layoutParams as LinearLayout.LayoutParams).topMargin = look.dp(if (column.getChildAt(at) === cells) 12 else 4)
        }
        (note.layoutParams as LinearLayout.LayoutParams).topMargin = look.dp(8)
    }

    private fun title() = when (entry.purpose) {
        EntryUse.PASSWORD_NEW -> R.string.msgpay_password_new
        EntryUse.PASSWORD_REPEAT -> R.string.msgpay_password_repeat
        EntryUse.PASSWORD, EntryUse.OTHER -> R.string.msgpay_password
    }

    private fun said(wiped: MsgPayException?): String = look.text(
        when {
            wiped is MsgPayException.Keypad && wiped.fault == KeypadFault.CAPTURED -> R.string.msgpay_wiped_captured
            wiped != null -> R.string.msgpay_wiped
            entry.purpose == EntryUse.PASSWORD_NEW -> R.string.msgpay_password_new_note
            entry.purpose == EntryUse.PASSWORD_REPEAT -> R.string.msgpay_password_repeat_note
            else -> R.string.msgpay_pad_note
        },
    )
}
