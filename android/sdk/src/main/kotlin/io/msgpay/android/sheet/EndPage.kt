package io.msgpay.android.sheet

import android.view.View
import android.widget.LinearLayout
import io.msgpay.BiometricReview
import io.msgpay.CallFault
import io.msgpay.EnrolmentOutcome
import io.msgpay.MsgPayException
import io.msgpay.Outcome
import io.msgpay.PasswordOutcome
import io.msgpay.PasswordReview
import io.msgpay.Reason
import io.msgpay.Receipt
import io.msgpay.Review
import io.msgpay.Step
import io.msgpay.Todo
import io.msgpay.android.Purpose
import io.msgpay.android.R

/** How it ended, who says so, and what to do now. */
internal class EndPage(
    private val look: Look,
    private val purpose: Purpose,
    private val review: Any?,
    private val close: () -> Unit,
    private val again: () -> Unit,
) {
    fun of(outcome: Any): View = when (outcome) {
        is Outcome.Paid -> done(R.string.msgpay_paid, null, outcome.receipt)
        is Outcome.NotPaid -> not(R.string.msgpay_not_paid, outcome.reason)
        is PasswordOutcome.Set -> done(R.string.msgpay_password_set, R.string.msgpay_password_set_advice, outcome.receipt)
        is PasswordOutcome.NotSet -> not(R.string.msgpay_not_set, outcome.reason)
        PasswordOutcome.Unresolved, EnrolmentOutcome.Unresolved -> notKnown()
        is EnrolmentOutcome.Enrolled -> done(R.string.msgpay_enrolled, R.string.msgpay_enrolled_advice, outcome.receipt)
        is EnrolmentOutcome.NotEnrolled -> not(R.string.msgpay_not_enrolled, outcome.reason)
        else -> failed(null, sent = true)
    }

    /** The phone's own storage or key failed, or the program; what was sent before that, the institution knows. */
    fun failed(why: Exception?, sent: Boolean): View = when {
        !purpose.pays && sent && why !is MsgPayException.Host -> notKnown()
        !purpose.pays -> ended(End.NOT, notDone(), look.text(failure(why)), again = true)
        sent -> ended(End.OPEN, R.string.msgpay_unresolved, look.text(R.string.msgpay_why_sent, look.text(failure(why))), again = false)
        else -> ended(End.NOT, R.string.msgpay_failed, look.text(failure(why)), again = true)
    }

    private fun failure(why: Exception?) = when {
        why is MsgPayException.Host -> R.string.msgpay_why_phone
        why is MsgPayException.Call && why.fault == CallFault.NOT_ACTIVATED -> R.string.msgpay_why_not_activated
        else -> R.string.msgpay_why_program
    }

    private fun notDone() = if (purpose == Purpose.SET_PASSWORD) R.string.msgpay_not_set else R.string.msgpay_not_enrolled

    /** The institution may have done it: nobody says that it did not. */
    private fun notKnown() = ended(End.OPEN, R.string.msgpay_not_known, look.text(R.string.msgpay_why_no_reply), again = true)

    /** Never looks like a failure. */
    fun unresolved(step: Step.Unresolved): View = look.page(
        head(End.OPEN, R.string.msgpay_unresolved, look.color(R.color.msgpay_wait), look.text(R.string.msgpay_unresolved_advice), tail(step.payOrderNo)),
        foot(
            null,
            look.primary(look.text(R.string.msgpay_query), step::ask),
            look.secondary(look.text(R.string.msgpay_later), close),
        ),
    )

    private fun done(verdict: Int, advice: Int?, receipt: Receipt): View = look.page(
        head(End.DONE, verdict, look.ink, advice?.let { look.text(it) }, null).also { body ->
            body.addView(
                look.facts(
                    listOf(
                        (if (purpose.pays) R.string.msgpay_when else R.string.msgpay_when_done) to look.moment(receipt.timeS),
                        R.string.msgpay_paid_with to (review as? Review)?.funding,
                        R.string.msgpay_order to (review as? Review)?.let { tail(it.payOrderNo) },
                    ),
                ),
            )
        },
        foot(look.text(R.string.msgpay_signed_by, institution() ?: receipt.institution), look.primary(look.text(R.string.msgpay_done), close)),
    )

    private fun not(verdict: Int, reason: Reason): View {
        val signed = reason.receipt?.let { look.text(R.string.msgpay_signed_by, institution() ?: it.institution) }
        val words = look.what(reason, purpose) + "\n" + look.todo(reason, purpose)
        return look.page(head(End.NOT, verdict, look.ink, words, null), buttons(signed, reason.todo == Todo.TRY_AGAIN))
    }

    private fun ended(end: End, verdict: Int, words: String, again: Boolean): View =
        look.page(head(end, verdict, look.ink, words, null), buttons(null, again))

    private fun buttons(signed: String?, mayTryAgain: Boolean): View {
        val leave = look.text(R.string.msgpay_close)
        if (!mayTryAgain || !purpose.again) return foot(signed, look.primary(leave, close))
        val retry = if (review is Review) R.string.msgpay_retry else R.string.msgpay_again
        return foot(signed, look.primary(look.text(retry), again), look.secondary(leave, close))
    }

    private fun head(end: End, verdict: Int, colour: Int, words: String?, orderTail: String?): LinearLayout = look.column(
        LinearLayout(look.context).apply {
            gravity = android.view.Gravity.CENTER
            setPadding(0, look.dp(8), 0, look.dp(12))
            addView(look.mark(end.path(), end.ink, end.wash))
        },
        look.label(look.text(verdict), 20, colour, bold = true).apply { accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE },
    ).apply {
        setPadding(look.dp(Look.MARGIN_DP), 0, look.dp(Look.MARGIN_DP), look.dp(8))
        if (words != null) addView(look.label(words, 14, look.quiet).apply { setPadding(0, look.dp(8), 0, 0) })
        if (review is Review) {
            addView(look.amount(review.amountYuan, Look.SP_AMOUNT).apply { setPadding(0, look.dp(12), 0, 0) })
            addView(look.label(review.payeeName, 16).apply { setPadding(0, look.dp(4), 0, look.dp(12)) })
        }
        if (orderTail != null && review !is Review) {
            addView(look.facts(listOf(R.string.msgpay_order to orderTail)).apply { setPadding(0, look.dp(12), 0, 0) })
        }
    }

    private fun foot(signed: String?, vararg buttons: View): View = look.column().apply {
        setPadding(look.dp(Look.MARGIN_DP), look.dp(8), look.dp(Look.MARGIN_DP), look.dp(Look.MARGIN_DP))
        if (signed != null) addView(look.vouch(signed))
        buttons.forEachIndexed { at, button ->
            val place = LinearLayout.LayoutParams(LinearLayout.LayoutParams.MATCH_PARENT, LinearLayout.LayoutParams.WRAP_CONTENT)
            if (at > 0) place.topMargin = look.dp(4)
            addView(button, place)
        }
    }

    private fun institution(): String? = institution(review)

    companion object {
        /** Its name, once something that it signed was seen. */
        fun institution(review: Any?): String? = when (review) {
            is Review -> review.institutionName
            is PasswordReview -> review.institutionName
            is BiometricReview -> review.institutionName
            else -> null
        }
    }
}
