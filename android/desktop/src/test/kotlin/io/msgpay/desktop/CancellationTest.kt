package io.msgpay.desktop

import io.msgpay.HttpsTransport
import io.msgpay.MsgPay
import io.msgpay.Outcome
import io.msgpay.Step
import io.msgpay.Transport
import io.msgpay.TransportMaker
import io.msgpay.VaultHost
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.Timeout
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicBoolean

/** What becomes of a payment whose coroutine is cancelled. */
class CancellationTest {
    @get:Rule
    val limit: Timeout = Timeout.seconds(60)

    @Test
    fun `at the review nothing has left`() = runBlocking {
        Handset.ready().use { handset ->
            val order = handset.stage.order(100)
            val shown = CompletableDeferred<Unit>()
            val paying = launch {
                handset.msgpay.launch(order.link).run { step -> if (step is Step.Review) shown.complete(Unit) }
            }
            shown.await()
            paying.cancelAndJoin()
            assertEquals(0, handset.msgpay.unresolved().size)
            assertTrue("still to be paid", handset.pay(order.link) is Outcome.Paid)
            assertEquals(1, handset.stage.debits(order))
        }
    }

    @Test
    fun `a request that is on its way counts as unanswered and is resolved later`() = runBlocking {
        val arrived = CompletableDeferred<Unit>()
        // The request arrives; its answer never comes, until the handset asks again.
        val silent = TransportMaker { config ->
            val https = HttpsTransport.make(config)
            Transport { request ->
                val answer = https.send(request)
                if (!request.url.endsWith("/payments")) return@Transport answer
                arrived.complete(Unit)
                awaitCancellation()
            }
        }
        Handset.ready(silent).use { handset ->
            val order = handset.stage.order(100)
            val paying = launch { handset.pay(order.link) }
            arrived.await()
            paying.cancelAndJoin()
            val open = handset.msgpay.unresolved().single()
            assertEquals(order.payOrderNo, open.payOrderNo)
            val outcome = handset.msgpay.resolve(open.institution, open.payOrderNo).use { it.run {} }
            assertTrue("$outcome", outcome is Outcome.Paid)
            assertEquals(1, handset.stage.debits(order))
        }
    }

    @Test
    fun `turning back while the keypad is open concludes as cancelled`() = runBlocking {
        Handset.ready().use { handset ->
            val order = handset.stage.order(100)
            val payment = handset.msgpay.launch(order.link)
            val outcome = payment.run { step ->
                if (step is Step.Review) step.accept()
                if (step is Step.EnterPassword) payment.cancel()
            }
            assertTrue("$outcome", outcome is Outcome.Cancelled)
            assertEquals(0, handset.stage.debits(order))
        }
    }

    @Test
    fun `turning back while the order is asked for concludes as cancelled`() = runBlocking {
        val silent = AtomicBoolean()
        val arrived = CompletableDeferred<Unit>()
        val transport = TransportMaker { config ->
            val https = HttpsTransport.make(config)
            Transport { request ->
                if (!silent.get()) return@Transport https.send(request)
                arrived.complete(Unit)
                awaitCancellation()
            }
        }
        Handset.ready(transport).use { handset ->
            silent.set(true)
            val payment = handset.msgpay.launch(handset.stage.order(100).link)
            val paying = async { payment.run {} }
            arrived.await()
            payment.cancel()
            assertEquals(Outcome.Cancelled, paying.await())
        }
    }

    @Test
    fun `a payment that is cancelled stays cancelled when the SDK is closed at once`() = runBlocking {
        val asked = CompletableDeferred<Unit>()
        val answer = CountDownLatch(1)
        // While the vault is slow, nothing that the closing asks for is done yet.
        val slow = object : VaultHost by MemoryVault() {
            override fun names(): List<String> {
                asked.complete(Unit)
                answer.await()
                return emptyList()
            }
        }
        Handset(slow).use { handset ->
            handset.open()
            handset.activate()
            handset.setPassword()
            val order = handset.stage.order(100)
            val shown = CompletableDeferred<Unit>()
            val paying = async(SupervisorJob()) {
                handset.msgpay.launch(order.link).run { step -> if (step is Step.Review) shown.complete(Unit) }
            }
            shown.await()
            val other = async { runCatching { handset.msgpay.unresolved() } }
            asked.await()
            paying.cancel()
            handset.msgpay.close()
            val end = runCatching { paying.await() }.exceptionOrNull()
            answer.countDown()
            other.await()
            assertTrue("$end", end is CancellationException)
        }
    }

    @Test
    fun `a keypad whose opening was given up is wiped, and the step comes again`() = runBlocking {
        Handset.ready().use { handset ->
            var entries = 0
            val outcome = handset.msgpay.launch(handset.stage.order(100).link).run { step ->
                if (step is Step.Review) step.accept()
                if (step is Step.EnterPassword) {
                    if (entries++ == 0) givenUp { step.entry.open(handset.phone.surface, 96) } else handset.typist.type(step.entry, Handset.PASSWORD)
                }
            }
            assertTrue("$outcome", outcome is Outcome.Paid)
            assertEquals(2, entries)
        }
    }

    @Test
    fun `an entry that was confirmed goes on, whoever stops waiting for it`() = runBlocking {
        Handset.ready().use { handset ->
            val order = handset.stage.order(100)
            val outcome = handset.msgpay.launch(order.link).run { step ->
                if (step is Step.Review) step.accept()
                if (step is Step.EnterPassword) {
                    val opened = handset.typist.open(step.entry)
                    opened.press(Handset.PASSWORD)
                    givenUp { opened.keypad.confirm() }
                }
            }
            assertTrue("$outcome", outcome is Outcome.Paid)
            assertEquals(1, handset.stage.debits(order))
        }
    }

    /** Begins [work] and gives it up before it has come back. */
    private suspend fun givenUp(work: suspend () -> Unit) = coroutineScope {
        launch(start = CoroutineStart.UNDISPATCHED) { work() }.cancelAndJoin()
    }

    @Test
    fun `another pin than the server's gives no connection`() = runBlocking {
        Handset.ready().use { handset ->
            val order = handset.stage.order(100)
            val foreign = TransportMaker { config ->
                HttpsTransport(config.pins().map { pins -> pins.copy(spkiSha256 = listOf(ByteArray(32))) })
            }
            MsgPay.open(handset.stage.config, handset.phone.capabilities, foreign).use { msgpay ->
                val outcome = msgpay.launch(order.link).run {} as Outcome.NotPaid
                assertEquals(io.msgpay.Why.NoConnection, outcome.reason.why)
            }
        }
    }
}
