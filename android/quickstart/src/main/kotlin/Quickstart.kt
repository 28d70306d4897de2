import io.msgpay.ActivationOutcome
import io.msgpay.MsgPay
import io.msgpay.Outcome
import io.msgpay.Session
import io.msgpay.Step
import io.msgpay.desktop.DesktopPhone
import io.msgpay.desktop.Stage
import io.msgpay.desktop.Typist
import kotlinx.coroutines.runBlocking

/** Activates a handset, sets its password and pays an order, all against a platform of one's own. */
fun main() = runBlocking {
    Stage().use { stage ->
        val phone = DesktopPhone()
        val person = Typist(stage, phone)
        MsgPay.open(stage.config, phone.capabilities).use { msgpay ->
            val activated = msgpay.activate(stage.institution, stage.activationCode()).use { it.run() }
            check(activated is ActivationOutcome.Activated)
            msgpay.setPassword(stage.institution).use { answer(it, person) }

            val link = stage.order(fen = 12_850).link // what a card in the chat carries
            when (val outcome = msgpay.launch(link).use { answer(it, person) }) {
                is Outcome.Paid -> println("paid: ${outcome.receipt.subjectNo}, signed by ${outcome.receipt.institution}")
                is Outcome.NotPaid -> println("not paid: ${outcome.reason.todo}")
                is Outcome.Cancelled -> println("cancelled")
                is Outcome.Unresolved -> println("not known yet: resolve ${outcome.payOrderNo} later")
            }
        }
    }
}

private suspend fun <R : Any, O : Any> answer(session: Session<R, O>, person: Typist): O = session.run { step ->
    when (step) {
        is Step.Review -> step.accept() // the person has read step.review
        is Step.EnterPassword -> person.type(step.entry, "492718") // presses pictures
        is Step.Unresolved -> step.leave()
        is Step.ConfirmBiometric, is Step.Working, is Step.Concluded -> Unit
    }
}
