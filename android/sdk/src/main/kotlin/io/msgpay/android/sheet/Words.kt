package io.msgpay.android.sheet

import io.msgpay.Reason
import io.msgpay.Todo
import io.msgpay.Why
import io.msgpay.android.Purpose
import io.msgpay.android.R

/** What happened, and of a payment whether money moved. */
internal fun Look.what(reason: Reason, purpose: Purpose): String =
    text(why(reason)).let { if (purpose.pays && reason.why !in SAYS_IT_ITSELF) text(R.string.msgpay_not_charged, it) else it }

/** What became of the money is in these sentences, or is not known. */
private val SAYS_IT_ITSELF = setOf(Why.AlreadyPaid, Why.InProgress)

private fun why(reason: Reason): Int =
    when (val why = reason.why) {
        Why.LinkNotGenuine -> R.string.msgpay_why_link_not_genuine
        Why.LinkExpired -> R.string.msgpay_why_link_expired
        Why.OtherWallet -> R.string.msgpay_why_other_wallet
        Why.NotActivated -> R.string.msgpay_why_not_activated
        Why.NoConnection -> R.string.msgpay_why_no_connection
        Why.AnswerNotGenuine -> R.string.msgpay_why_answer_not_genuine
        Why.OlderRules -> R.string.msgpay_why_older_rules
        Why.NotAllowed -> R.string.msgpay_why_not_allowed
        Why.Suite -> R.string.msgpay_why_suite
        Why.TookTooLong -> R.string.msgpay_why_took_too_long
        Why.WrongPassword -> R.string.msgpay_why_wrong_password
        Why.Locked -> R.string.msgpay_why_locked
        Why.AlreadyPaid -> R.string.msgpay_why_already_paid
        Why.OrderClosed -> R.string.msgpay_why_order_closed
        Why.InProgress -> R.string.msgpay_why_in_progress
        Why.Voided -> R.string.msgpay_why_voided
        Why.WeakPassword -> R.string.msgpay_why_weak_password
        Why.PasswordsDiffer -> R.string.msgpay_why_passwords_differ
        Why.PasswordState -> R.string.msgpay_why_password_state
        Why.ActivationCode -> R.string.msgpay_why_activation_code
        Why.BiometricLost -> R.string.msgpay_why_biometric_lost
        Why.Biometric -> R.string.msgpay_why_biometric
        is Why.Refused -> refused(why.code)
    }

private fun refused(code: String) = when (code) {
    "5G-3004" -> R.string.msgpay_why_no_money
    "5G-3005" -> R.string.msgpay_why_over_limit
    else -> R.string.msgpay_why_refused
}

/** What to do now. */
internal fun Look.todo(reason: Reason, purpose: Purpose): String {
    val left = reason.triesLeft
    if (reason.why == Why.WrongPassword && left != null) return text(R.string.msgpay_tries_left, left)
    return text(
        when (reason.todo) {
            Todo.TRY_AGAIN -> R.string.msgpay_todo_try_again
            Todo.OTHER_WAY -> if (purpose.pays) R.string.msgpay_todo_other_way else R.string.msgpay_todo_ask_institution
            Todo.ASK_INSTITUTION -> R.string.msgpay_todo_ask_institution
            Todo.NOTHING -> R.string.msgpay_todo_nothing
        },
    )
}
