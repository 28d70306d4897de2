package io.msgpay.android

import android.content.Intent
import android.net.Uri
import io.msgpay.Answer
import io.msgpay.HttpsTransport
import io.msgpay.Outcome
import io.msgpay.Transport
import io.msgpay.TransportMaker
import kotlinx.coroutines.awaitCancellation
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** A sheet while an institution takes its time. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class, qualifiers = "zh-rCN-w390dp-h844dp-mdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class InFlightTest {
    @Volatile
    private var isSlow = false

    @Volatile
    private var waiting = 0

    @get:Rule
    val house = House(
        TransportMaker { config ->
            val https = HttpsTransport.make(config)
            Transport { request ->
                when {
                    !isSlow -> https.send(request)
                    // Taken, not decided: to be asked again after 200 ms.
                    "/payments" in request.url -> Answer(202, "application/cbor", byteArrayOf(0xa1.toByte(), 2, 0x18, 0xc8.toByte()))
                    else -> neverAnswered()
                }
            }
        },
    )

    private suspend fun neverAnswered(): Answer? {
        waiting++
        try {
            awaitCancellation()
        } finally {
            waiting--
        }
    }

    @Test
    fun `a payment that the institution does not decide can be left`() {
        house.setPassword()
        val (outcome, sheet) = house.begin { pay(house.chat, house.stage.order(100).link) }
        sheet.press("支付")
        sheet.touchDigits(House.PASSWORD)
        isSlow = true
        sheet.touchCell(SheetOnScreen.CONFIRM)
        sheet.waitFor("正在等待支付机构确认")
        House.wait("a way out") { sheet.back(); sheet.activity.isFinishing }
        sheet.gone()
        assertTrue(House.await(outcome) is Outcome.Unresolved)
    }

    @Test
    fun `a link's payment ends with a sheet that the system destroys, and outlives a turned phone`() {
        val link = house.stage.order(100).link
        isSlow = true
        val sheet = SheetOnScreen(house.stage, Intent(Intent.ACTION_VIEW, Uri.parse(link)))
        House.wait("a request") { waiting == 1 }
        sheet.controller.recreate()
        assertTrue("it is still asked", waiting == 1)
        sheet.controller.pause().stop().destroy()
        House.wait("nobody to ask any more") { waiting == 0 }
        assertFalse(sheet.activity.isFinishing)
    }
}
