package io.msgpay.android

import io.msgpay.EnrolmentOutcome
import io.msgpay.MsgPayException
import io.msgpay.Outcome
import io.msgpay.PasswordOutcome
import io.msgpay.Session
import io.msgpay.Step
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.cancel
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch

/**
 * One session as a sheet runs it, whichever activity shows it: it outlives a turned phone. Of the main thread.
 *
 * @property purpose what it is for
 * @param begin opens the session, or nothing when there is nothing to do; once more when the person tries again
 */
internal class Errand<O : Any>(val purpose: Purpose, private val begin: suspend () -> Session<*, O>?) {
    private val scope = mainScope()
    private val ended = CompletableDeferred<O>()
    private var session: Session<*, O>? = null
    private var last: Result<O>? = null
    private var wiped: MsgPayException? = null
    private var gone = false
    private var sent = purpose == Purpose.ASK

    /** What was verified, for the screens that come after it. */
    var review: Any? = null
        private set

    var screen: Screen = Screen.Opening
        private set

    /** The activity that shows it now. */
    var onScreen: (Screen) -> Unit = {}

    /** A page's bridge looks for what the page is to be told. */
    var onTyped: () -> Unit = {}

    /** What came of it, once the sheet is gone. */
    suspend fun outcome(): O = ended.await()

    /** Begins, or begins anew. */
    fun start() {
        last = null
        sent = purpose == Purpose.ASK
        show(Screen.Opening)
        scope.launch {
            try {
                val session = begin() ?: return@launch end()
                opened(session)
                val outcome = session.use { it.run(::step) }
                over(Result.success(outcome), if (needsNoWord(outcome)) Screen.Over else Screen.Ended(outcome))
            } catch (fault: Exception) {
                ensureActive()
                over(Result.failure(fault), Screen.Failed(fault, sent))
            }
        }
    }

    private fun opened(session: Session<*, O>) {
        this.session = session
        if (gone) session.cancel()
    }

    private fun over(with: Result<O>, next: Screen) {
        last = with
        if (gone) settle() else show(next)
    }

    /** The keypad has wiped: the same step will come again, and says why. */
    fun wiped(why: MsgPayException) {
        wiped = why
    }

    /** The person has answered; the institution is next. */
    fun working() {
        sent = true
        if (screen !is Screen.Over) show(Screen.Working(mayLeave = false))
    }

    /** The person has answered; the session says what is next. */
    fun answered() {
        if (screen !is Screen.Over) show(Screen.Opening)
    }

    /** The person turns back, or has seen the end. While a request is on its way there is no turning back: false. */
    fun leave(): Boolean {
        when (val at = screen) {
            // The session turns back, not its step: that may have been answered a moment ago, and be answered once only.
            is Screen.Review, is Screen.Enter, is Screen.Biometric, is Screen.Unresolved -> session?.cancel()
            Screen.Opening -> end()
            is Screen.Working -> if (at.mayLeave) session?.cancel() else return false
            is Screen.Ended, is Screen.Failed -> show(Screen.Over)
            Screen.Over -> Unit
        }
        return true
    }

    /** The sheet is gone for good; whoever waits for the outcome gets it. What has left the handset stays unresolved. */
    fun end() {
        gone = true
        if (last == null) session?.cancel() else settle()
        show(Screen.Over)
    }

    private fun settle() {
        last?.fold(ended::complete, ended::completeExceptionally)
        scope.cancel()
    }

    private fun step(step: Step<*, *>) {
        val why = wiped
        wiped = null
        when (step) {
            is Step.Review<*> -> {
                review = step.review
                show(Screen.Review(step))
            }
            is Step.EnterPassword -> {
                // A page confirms without a word to this sheet.
                if (purpose == Purpose.PAY_ABOVE_PAGE) sent = true
                show(Screen.Enter(step, why))
            }
            is Step.ConfirmBiometric -> show(Screen.Biometric(step))
            is Step.Unresolved -> {
                sent = true
                show(Screen.Unresolved(step))
            }
            is Step.Working -> {
                sent = true
                show(Screen.Working(mayLeave = true))
            }
            is Step.Concluded -> Unit
        }
    }

    private fun show(next: Screen) {
        screen = next
        onScreen(next)
    }

    private fun needsNoWord(outcome: O) =
        outcome is Outcome.Cancelled || outcome is Outcome.Unresolved ||
            outcome is PasswordOutcome.Cancelled || outcome is EnrolmentOutcome.Cancelled
}
