package io.msgpay.desktop

import io.msgpay.HttpsTransport
import io.msgpay.LibraryTransport
import io.msgpay.Outcome
import io.msgpay.TransportMaker
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** A payment over each transport. */
class PaymentTest {
    @Test
    fun `over the platform's own https`() = paid(HttpsTransport)

    @Test
    fun `over the library's own https`() = paid(LibraryTransport)

    private fun paid(transport: TransportMaker) = runBlocking {
        Handset.ready(transport).use { handset ->
            val order = handset.stage.order(12_850)
            val outcome = handset.pay(order.link)
            assertTrue("$outcome", outcome is Outcome.Paid)
            assertEquals(order.payOrderNo, (outcome as Outcome.Paid).receipt.subjectNo)
            assertEquals(1, handset.stage.debits(order))
            assertEquals(emptyList<String>(), handset.stage.findings())
        }
    }
}
