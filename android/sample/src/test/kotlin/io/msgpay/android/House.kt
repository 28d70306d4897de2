package io.msgpay.android

import android.app.Activity
import android.app.Application
import android.content.Intent
import android.os.Looper
import io.msgpay.ActivationOutcome
import io.msgpay.HttpsTransport
import io.msgpay.MsgPay
import io.msgpay.Outcome
import io.msgpay.TransportMaker
import io.msgpay.desktop.Stage
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.rules.ExternalResource
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import java.util.concurrent.CompletableFuture

/** The application of the tests: its SDK is that of the [House]. */
class HouseApp : Application(), MsgPayOwner {
    override val msgPay: CompletableFuture<MsgPay> get() = owned

    companion object {
        var owned: CompletableFuture<MsgPay> = CompletableFuture()
    }
}

/** A real platform, and this phone with the SDK opened as an application opens it. */
class House(private val transport: TransportMaker = HttpsTransport) : ExternalResource() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    lateinit var stage: Stage
    lateinit var msgpay: MsgPay
    lateinit var chat: Activity

    override fun before() {
        FakeAndroidKeyStore.install()
        stage = Stage()
        opens()
        chat = Robolectric.buildActivity(Activity::class.java).setup().get()
        val activated = await(scope.async { msgpay.activate(stage.institution, stage.activationCode()).use { it.run() } })
        check(activated is ActivationOutcome.Activated) { "$activated" }
    }

    override fun after() {
        scope.cancel()
        msgpay.close()
        stage.close()
        FakeAndroidKeyStore.remove()
    }

    /** The process is another one: the SDK is opened anew over what this phone keeps, or over a phone that keeps nothing. */
    fun dies(elsewhere: Boolean = false) {
        msgpay.close()
        if (elsewhere) RuntimeEnvironment.getApplication().noBackupFilesDir.deleteRecursively()
        opens()
    }

    private fun opens() {
        msgpay = await(scope.async { MsgPay.open(RuntimeEnvironment.getApplication(), stage.config, transport) })
        HouseApp.owned = CompletableFuture.completedFuture(msgpay)
    }

    /** Begins [errand] and shows the sheet that it asks for. */
    fun <O> begin(errand: suspend MsgPay.() -> O): Pair<Deferred<O>, SheetOnScreen> {
        val outcome = scope.async { msgpay.errand() }
        return outcome to sheet()
    }

    /** The sheet that is asked for. */
    fun sheet(): SheetOnScreen {
        var intent: Intent? = null
        wait("a sheet") { intent = shadowOf(chat).nextStartedActivity; intent != null }
        return SheetOnScreen(stage, intent!!)
    }

    /** What [work] gives, off the main thread. */
    fun <T> ask(work: suspend MsgPay.() -> T): T = await(scope.async { msgpay.work() })

    fun setPassword(digits: String = PASSWORD) {
        val (outcome, sheet) = begin { setPassword(chat, stage.institution) }
        sheet.press("开始设置", "Begin")
        repeat(2) { sheet.type(digits) }
        sheet.press("完成", "Done")
        sheet.gone()
        await(outcome)
    }

    /** The payment ends well, is read to its end, and the bank was asked once. */
    fun paidOnce(outcome: Deferred<Outcome>, sheet: SheetOnScreen, order: Stage.Order) {
        sheet.waitFor("支付成功")
        sheet.press("完成")
        sheet.gone()
        assertTrue(await(outcome) is Outcome.Paid)
        assertEquals(1, stage.debits(order))
    }

    companion object {
        const val PASSWORD = "492718"

        /** Lets the main thread work until it is so; other threads do the rest. */
        fun wait(what: String = "it", isSo: () -> Boolean) {
            val end = System.nanoTime() + 120_000_000_000
            while (!isSo()) {
                check(System.nanoTime() < end) { "$what did not come" }
                shadowOf(Looper.getMainLooper()).idle()
                Thread.onSpinWait()
            }
        }

        @OptIn(kotlinx.coroutines.ExperimentalCoroutinesApi::class)
        fun <T> await(work: Deferred<T>): T {
            wait { work.isCompleted }
            return work.getCompleted()
        }
    }
}
