package io.msgpay.desktop

import io.msgpay.ActivationOutcome
import io.msgpay.HttpsTransport
import io.msgpay.MsgPay
import io.msgpay.Outcome
import io.msgpay.PasswordOutcome
import io.msgpay.Step
import io.msgpay.TransportMaker
import java.io.Closeable

/** A stage with one handset, as most tests begin. */
class Handset(vault: io.msgpay.VaultHost = MemoryVault(), private val transport: TransportMaker = HttpsTransport) : Closeable {
    val stage = Stage()
    val phone = DesktopPhone(vault)
    val typist = Typist(stage, phone)
    val institution get() = stage.institution

    lateinit var msgpay: MsgPay

    private val dead = mutableListOf<MsgPay>()

    suspend fun open() {
        msgpay = MsgPay.open(stage.config, phone.capabilities, transport)
    }

    suspend fun activate() {
        val outcome = msgpay.activate(institution, stage.activationCode()).use { it.run() }
        check(outcome is ActivationOutcome.Activated) { "$outcome" }
    }

    suspend fun setPassword(digits: String = PASSWORD) {
        val outcome = msgpay.setPassword(institution).use { setup ->
            setup.run { step ->
                when (step) {
                    is Step.Review -> step.accept()
                    is Step.EnterPassword -> typist.type(step.entry, digits)
                    else -> Unit
                }
            }
        }
        check(outcome is PasswordOutcome.Set) { "$outcome" }
    }

    suspend fun pay(link: String, digits: String = PASSWORD): Outcome = msgpay.launch(link).use { payment ->
        payment.run { step ->
            when (step) {
                is Step.Review -> step.accept()
                is Step.EnterPassword -> typist.type(step.entry, digits)
                else -> Unit
            }
        }
    }

    /** The process is gone; the library's objects are left to lie, as a death would leave them. */
    fun abandon() {
        dead += msgpay
    }

    override fun close() {
        dead.forEach(MsgPay::close)
        if (::msgpay.isInitialized) msgpay.close()
        stage.close()
    }

    companion object {
        const val PASSWORD = "492718"

        /** Ready to pay. */
        suspend fun ready(transport: TransportMaker = HttpsTransport) = Handset(transport = transport).apply {
            open()
            activate()
            setPassword()
        }
    }
}
