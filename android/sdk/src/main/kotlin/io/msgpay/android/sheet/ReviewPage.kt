package io.msgpay.android.sheet

import android.view.View
import android.widget.LinearLayout
import io.msgpay.BiometricReview
import io.msgpay.PasswordReview
import io.msgpay.Review
import io.msgpay.Step
import io.msgpay.android.R

/** What the institution signed, and one button that says what it does. */
internal fun Look.reviewPage(step: Step.Review<*>): View = when (val review = step.review) {
    is Review -> page(order(review), foot(review.institutionName, text(R.string.msgpay_pay, review.amountYuan), step::accept))
    is PasswordReview -> page(
        setting(R.string.msgpay_password_new, R.string.msgpay_password_new_note, listOf(R.string.msgpay_mobile to review.mobileMasked)),
        foot(review.institutionName, text(R.string.msgpay_set_go), step::accept),
    )
    is BiometricReview -> page(
        setting(
            R.string.msgpay_enrol_go,
            R.string.msgpay_enrol_note,
            listOf(R.string.msgpay_mobile to review.mobileMasked, R.string.msgpay_alone_max to yuan(review.aloneFenMax)),
        ),
        foot(review.institutionName, text(R.string.msgpay_enrol_go), step::accept),
    )
    else -> page(gap(0), foot("", text(R.string.msgpay_again), step::accept))
}

private fun Look.order(review: Review): View = column(
    gap(8),
    amount(review.amountYuan, Look.SP_AMOUNT),
    label(review.payeeName, 20, bold = true).apply { setPadding(0, dp(4), 0, 0) },
    label(review.item, 14, quiet).apply { setPadding(0, dp(4), 0, dp(12)) },
    facts(
        listOf(
            R.string.msgpay_claimed to review.claimedName,
            R.string.msgpay_funding to review.funding,
            R.string.msgpay_order to tail(review.payOrderNo),
            R.string.msgpay_payee_no to review.payeeId,
            R.string.msgpay_expires to time(review.expiresS),
        ),
    ),
).apply { setPadding(dp(Look.MARGIN_DP), 0, dp(Look.MARGIN_DP), dp(8)) }

private fun Look.setting(title: Int, note: Int, rows: List<Pair<Int, String?>>): View = column(
    gap(8),
    label(text(title), 20, bold = true),
    label(text(note), 14, quiet).apply { setPadding(0, dp(4), 0, dp(12)) },
    facts(rows),
).apply { setPadding(dp(Look.MARGIN_DP), 0, dp(Look.MARGIN_DP), dp(8)) }

private fun Look.foot(institution: String, does: String, accept: () -> Unit): View = column(
    vouch(text(R.string.msgpay_review_vouch, institution)),
    primary(does, accept),
).apply { setPadding(dp(Look.MARGIN_DP), dp(8), dp(Look.MARGIN_DP), dp(Look.MARGIN_DP)) }

/** Whose word this is. */
internal fun Look.vouch(words: String): View = LinearLayout(context).apply {
    gravity = android.view.Gravity.CENTER
    setPadding(0, 0, 0, dp(12))
    addView(icon(LineDrawing(LineDrawing.shield(), accent, 2f), 16, 0))
    addView(label(words, 12, quiet), LinearLayout.LayoutParams(0, LinearLayout.LayoutParams.WRAP_CONTENT).apply {
        width = LinearLayout.LayoutParams.WRAP_CONTENT
        marginStart = dp(4)
    })
}

private fun yuan(fen: Long): String? = if (fen > 0) "¥" + "%d.%02d".format(java.util.Locale.ROOT, fen / 100, fen % 100) else null
