package io.msgpay.android

import android.app.Activity
import android.content.Intent
import android.os.Build
import android.os.Bundle
import android.view.WindowManager
import android.window.OnBackInvokedDispatcher
import io.msgpay.BiometricAnswer
import io.msgpay.MsgPay
import io.msgpay.MsgPayException
import io.msgpay.Outcome
import io.msgpay.Payment
import io.msgpay.Review
import io.msgpay.android.sheet.EndPage
import io.msgpay.android.sheet.EntryPage
import io.msgpay.android.sheet.SheetView
import io.msgpay.android.sheet.reviewPage
import io.msgpay.android.sheet.touchPage
import io.msgpay.android.sheet.waitPage
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch

/**
 * The payment sheet. Nobody starts it but [pay] and its like, and a `msgpay://` link from outside; the latter, and a
 * sheet whose process has died, find the SDK through the application's [MsgPayOwner].
 */
public class MsgPayActivity : Activity() {
    private val scope = mainScope()
    private lateinit var sheet: SheetView
    private lateinit var errand: Errand<*>
    private var prompt: Job? = null

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        secure()
        val found = found(saved)
        if (found == null) {
            finish()
            return
        }
        errand = found
        sheet = SheetView(this, ::leave)
        setContentView(sheet)
        if (saved == null) sheet.rise()
        errand.onScreen = ::show
        show(errand.screen)
    }

    override fun onSaveInstanceState(out: Bundle) {
        super.onSaveInstanceState(out)
        // The order's number and nothing else: what is open, the vault knows.
        if (::errand.isInitialized) (errand.review as? Review)?.let { out.putString(ORDER, it.payOrderNo) }
    }

    @Deprecated("the framework's only way without androidx")
    override fun onRetainNonConfigurationInstance(): Any? = if (::errand.isInitialized) errand else null

    override fun onDestroy() {
        scope.cancel()
        if (::errand.isInitialized) {
            errand.onScreen = {}
            // Nobody finds it again, if it began here.
            if (isFinishing || !isChangingConfigurations && handed() == null) errand.end()
        }
        super.onDestroy()
    }

    @Deprecated("before Android 13, and where the application has not asked for the new way")
    override fun onBackPressed(): Unit = leave()

    private fun secure() {
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) hideOverlays()
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            setRecentsScreenshotEnabled(false)
            onBackInvokedDispatcher.registerOnBackInvokedCallback(OnBackInvokedDispatcher.PRIORITY_DEFAULT, ::leave)
        }
    }

    private fun hideOverlays() {
        try {
            window.setHideOverlayWindows(true)
        } catch (_: SecurityException) {
            // The application has taken the permission out; obscured touches are still dropped.
            return
        }
    }

    private fun leave() {
        if (::errand.isInitialized) errand.leave() else finish()
    }

    /** What this sheet does: as before the phone was turned, as handed over, by a link, or what was open in a process before. */
    private fun found(saved: Bundle?): Errand<*>? {
        @Suppress("DEPRECATION" /* the framework's only way without androidx */)
        (lastNonConfigurationInstance as? Errand<*>)?.let { return it }
        val link = intent.data?.takeIf { intent.action == Intent.ACTION_VIEW }?.toString()
        handed()?.let { return it }
        val owner = application as? MsgPayOwner ?: return null
        val order = saved?.getString(ORDER)
        val begun: Errand<Outcome> = when {
            order != null -> Errand(Purpose.ASK) { owner.msgPay.await().again(order) }
            saved == null && link != null -> Errand(Purpose.PAY) { owner.msgPay.await().launch(link) }
            else -> return null
        }
        return begun.also { it.start() }
    }

    /** Through the door from outside comes a link and nothing else: of its extras not even one is read. */
    private fun handed(): Errand<*>? =
        if (intent.component?.className == MsgPayActivity::class.java.name) intent.getStringExtra(WORD)?.let(Handover::find) else null

    /** Nothing when it is no longer open, or never was: what came of it then the chat shows. */
    private suspend fun MsgPay.again(payOrderNo: String): Payment? =
        unresolved().firstOrNull { it.payOrderNo == payOrderNo }?.let { resolve(it.institution, it.payOrderNo) }

    private fun show(screen: Screen) {
        val look = sheet.look
        val review = errand.review
        val page = when (screen) {
            Screen.Opening -> look.waitPage(R.string.msgpay_loading, null)
            is Screen.Review -> look.reviewPage(screen.step)
            is Screen.Enter -> entry(screen, review)
            is Screen.Biometric -> touch(screen)
            is Screen.Working -> look.waitPage(R.string.msgpay_working, review)
            is Screen.Unresolved -> end().unresolved(screen.step)
            is Screen.Ended -> end().of(screen.outcome)
            is Screen.Failed -> end().failed(screen.why, screen.sent)
            Screen.Over -> return finish()
        }
        sheet.show(page, EndPage.institution(review), mayLeave = screen !is Screen.Working || screen.mayLeave)
        if (screen is Screen.Biometric) prompt(screen)
    }

    private fun end() = EndPage(sheet.look, errand.purpose, errand.review, close = { errand.leave() }, again = errand::start)

    private fun entry(screen: Screen.Enter, review: Any?): android.view.View {
        val page = EntryPage(sheet.look, screen.step.entry, review, screen.wiped)
        // Above a web page, the page confirms.
        page.keypad.confirms = errand.purpose != Purpose.PAY_ABOVE_PAGE
        page.keypad.onConfirmed = errand::working
        page.onTyped = errand.onTyped
        page.keypad.onFault = { fault: MsgPayException -> if (fault is MsgPayException.Keypad && fault.wiped) errand.wiped(fault) }
        return page.view
    }

    private fun touch(screen: Screen.Biometric) =
        sheet.look.touchPage(errand.review, { prompt(screen) }, { answer(screen, BiometricAnswer.ByPassword) }.takeIf { screen.step.orPassword })

    /** One prompt at a time: an answer is taken once. */
    private fun prompt(screen: Screen.Biometric) {
        prompt?.cancel()
        prompt = scope.launch { answer(screen, BiometricKey(this@MsgPayActivity).sign(screen.step.confirmation)) }
    }

    private fun answer(screen: Screen.Biometric, answer: BiometricAnswer) {
        // Answered meanwhile, by another activity of this sheet or by its own page.
        if (errand.screen !== screen) return
        when (answer) {
            is BiometricAnswer.Signed -> {
                screen.step.confirmed(answer.signature)
                errand.working()
            }
            BiometricAnswer.ByPassword -> {
                screen.step.byPassword()
                errand.answered()
            }
            BiometricAnswer.KeyLost -> {
                screen.step.keyLost()
                errand.answered()
            }
            // The page stays, and can ask again.
            BiometricAnswer.Cancelled -> sheet.show(touch(screen), EndPage.institution(errand.review), mayLeave = true)
        }
    }

    internal companion object {
        /** Extra: the word of [Handover]. */
        const val WORD = "io.msgpay.word"

        /** Saved: the order that was open. */
        const val ORDER = "io.msgpay.order"
    }
}
