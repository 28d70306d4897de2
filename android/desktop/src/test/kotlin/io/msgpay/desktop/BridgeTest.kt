package io.msgpay.desktop

import io.msgpay.CallFault
import io.msgpay.MsgPayException
import io.msgpay.Outcome
import io.msgpay.PageBridge
import io.msgpay.PageMessage
import io.msgpay.Payment
import io.msgpay.Step
import io.msgpay.Why
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.Timeout

/** A web page's bridge without a web view, against a real platform. */
class BridgeTest {
    @get:Rule
    val limit: Timeout = Timeout.seconds(120)

    @Test
    fun `a page's payment is typed above it and confirmed by it`() = runBlocking {
        Handset.ready().use { house ->
            val bridge = house.msgpay.bridge(listOf(SHOP))
            val order = house.stage.order(12_850)
            val begun = bridge.says("open", order.link) as PageBridge.Reaction.Begin
            val entered = CompletableDeferred<Unit>()
            val paying = async(Dispatchers.Default) { drive(begun.payment, house, bridge, entered) }
            entered.await()
            val typed = bridge.messages()
            assertTrue("$typed", "6" in typed.last().text)
            assertEquals(PageBridge.Reaction.End, bridge.says("submit"))
            val told = bridge.messages()
            assertTrue("$told", told.any { "token" in it.text } && told.all { it.origin == SHOP })
            assertTrue("no digit was told", (typed + told).none { Handset.PASSWORD in it.text })
            // No merchant carries the token to the institution here: asking ends it, and it can never pay.
            assertEquals(Why.Voided, (paying.await() as Outcome.NotPaid).reason.why)
            assertEquals(0, house.stage.debits(order))
        }
    }

    @Test
    fun `a page confirms while the screens above it still wait for the person`() = runBlocking {
        Handset.ready().use { house ->
            val bridge = house.msgpay.bridge(listOf(SHOP))
            val begun = bridge.says("open", house.stage.order(100).link) as PageBridge.Reaction.Begin
            val outcome = begun.payment.use {
                it.run { step ->
                    when (step) {
                        is Step.Review -> step.accept()
                        is Step.EnterPassword -> {
                            house.typist.open(step.entry).press(Handset.PASSWORD)
                            assertEquals(PageBridge.Reaction.End, bridge.says("submit"))
                        }
                        is Step.Unresolved -> step.ask()
                        else -> Unit
                    }
                }
            }
            assertEquals(Why.Voided, (outcome as Outcome.NotPaid).reason.why)
        }
    }

    @Test
    fun `another document turns the payment back, and another origin is not heard`() = runBlocking {
        Handset.ready().use { house ->
            val bridge = house.msgpay.bridge(listOf(SHOP))
            val order = house.stage.order(100)
            assertEquals(PageBridge.Reaction.Ignored, bridge.receive(text("open", order.link), "https://evil.example", true, 1))
            assertEquals(PageBridge.Reaction.Ignored, bridge.receive(text("open", order.link), SHOP, false, 1))
            assertEquals(emptyList<PageMessage>(), bridge.messages())
            val begun = bridge.says("open", order.link) as PageBridge.Reaction.Begin
            val reviewed = CompletableDeferred<Unit>()
            val paying = async(Dispatchers.Default) { begun.payment.use { it.run { step -> if (step is Step.Review) reviewed.complete(Unit) } } }
            reviewed.await()
            assertEquals(PageBridge.Reaction.Left, bridge.receive("{}", "https://other.example", true, 2))
            assertEquals(Outcome.Cancelled, paying.await())
        }
    }

    @Test
    fun `origins are exact`() = runBlocking {
        Handset().use { house ->
            house.open()
            for (origin in listOf("", "*", "http://shop.example", "https://shop.example/", "https://*.example")) {
                val fault = runCatching { house.msgpay.bridge(listOf(origin)) }.exceptionOrNull()
                assertEquals(origin, CallFault.NOT_AN_ORIGIN, (fault as? MsgPayException.Call)?.fault)
            }
        }
    }

    private suspend fun drive(payment: Payment, house: Handset, bridge: PageBridge, entered: CompletableDeferred<Unit>) = payment.use {
        it.run { step ->
            when (step) {
                is Step.Review -> step.accept()
                is Step.EnterPassword -> {
                    house.typist.open(step.entry).press(Handset.PASSWORD)
                    entered.complete(Unit)
                }
                is Step.Unresolved -> step.ask()
                else -> Unit
            }
        }
    }

    private var count = 0

    private fun text(what: String, launch: String? = null): String {
        val link = launch?.let { ""","launch":"$it"""" }.orEmpty()
        return """{"v":1,"id":"message-${count++}","do":"$what"$link}"""
    }

    private suspend fun PageBridge.says(what: String, launch: String? = null) = receive(text(what, launch), SHOP, true, 1)

    private companion object {
        const val SHOP = "https://shop.example"
    }
}
