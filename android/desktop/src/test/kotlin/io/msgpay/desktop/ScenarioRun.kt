package io.msgpay.desktop

import io.msgpay.ActivationOutcome
import io.msgpay.EnrolmentOutcome
import io.msgpay.Keypad
import io.msgpay.KeypadFault
import io.msgpay.MsgPayException
import io.msgpay.Outcome
import io.msgpay.PasswordOutcome
import io.msgpay.Reason
import io.msgpay.Session
import io.msgpay.Step
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue

/** Runs one scenario with one handset. */
class ScenarioRun(private val scenario: Scenario, private val handset: Handset) {
    private var order: Stage.Order? = null

    /** Stands for the death of the process: whoever waits is never answered. */
    private class Died : Exception()

    suspend fun run() {
        handset.open()
        if ("activated" in scenario.given) handset.activate()
        if ("password" in scenario.given) handset.setPassword()
        order = scenario.fen?.let(handset.stage::order)
        scenario.parts.forEachIndexed { at, part -> assertEquals("part $at", part.ends, like(part.ends, part(part))) }
        order?.let { assertEquals("debits", scenario.books.debits, handset.stage.debits(it)) }
        assertEquals("open payments", scenario.books.open, handset.msgpay.unresolved().size)
        assertEquals(emptyList<String>(), handset.stage.findings())
    }

    /** Only what the scenario judges. */
    private fun like(wanted: Scenario.Ends, got: Scenario.Ends) = got.copy(
        todo = got.todo.takeIf { wanted.todo != null },
        why = got.why.takeIf { wanted.why != null },
        triesLeft = got.triesLeft.takeIf { wanted.triesLeft != null },
    )

    private suspend fun part(part: Scenario.Part): Scenario.Ends {
        val phone = handset.phone
        phone.clockAheadS = part.clockAheadS
        if (part.restart) handset.open()
        listOf(part.fault to true, part.faultOff to false).forEach { (fault, on) ->
            when (fault) {
                null -> Unit
                "keystore" -> phone.keystoreFails = on
                "vault" -> phone.vaultFails = on
                "enrolment_changed" -> phone.enrolAnotherFinger()
                else -> error("unknown fault $fault")
            }
        }
        return try {
            session(part)
        } catch (_: Died) {
            Scenario.Ends(outcome = "died")
        } catch (fault: MsgPayException) {
            Scenario.Ends(error = word(fault))
        }
    }

    private suspend fun session(part: Scenario.Part): Scenario.Ends {
        val (msgpay, institution) = handset.msgpay to handset.institution
        return when (part.session) {
            "pay" -> drive(msgpay.launch(part.link ?: order!!.link), part)
            "resolve" -> drive(msgpay.resolve(institution, order!!.payOrderNo), part)
            "password" -> drive(msgpay.setPassword(institution), part)
            "enrol" -> drive(msgpay.enrolBiometric(institution), part)
            "activate" -> msgpay.activate(institution, part.code ?: handset.stage.activationCode()).use { ends(it.run()) }
            else -> error("unknown session ${part.session}")
        }
    }

    private suspend fun drive(session: Session<*, *>, part: Scenario.Part): Scenario.Ends {
        val answers = ArrayDeque(part.answers)
        val outcome = session.run { step ->
            val at = at(step) ?: return@run
            val answer = answers.removeFirstOrNull() ?: error("no answer is left for $at")
            assertEquals("the step that comes", answer.at, at)
            answer(step, answer)
        }
        assertTrue("answers that no step asked for: ${answers.map { it.at }}", answers.isEmpty())
        return ends(outcome)
    }

    private fun at(step: Step<*, *>): String? = when (step) {
        is Step.Review -> "review"
        is Step.EnterPassword -> "enter_password"
        is Step.ConfirmBiometric -> "confirm_biometric"
        is Step.Unresolved -> "unresolved"
        is Step.Working, is Step.Concluded -> null
    }

    private suspend fun answer(step: Step<*, *>, answer: Scenario.Answer) {
        if (answer.`do` == "die") {
            // Nothing is closed or cancelled: what the vault holds is all that stays.
            handset.abandon()
            throw Died()
        }
        when (step) {
            is Step.Review -> if (answer.`do` == "accept") step.accept() else step.cancel()
            is Step.EnterPassword -> type(step, answer)
            is Step.ConfirmBiometric -> when (answer.`do`) {
                "sign" -> step.confirmWith(handset.phone.finger)
                "by_password" -> step.byPassword()
                "key_lost" -> step.keyLost()
                else -> step.cancel()
            }
            is Step.Unresolved -> if (answer.`do` == "ask") step.ask() else step.leave()
            is Step.Working, is Step.Concluded -> Unit
        }
    }

    private suspend fun type(step: Step.EnterPassword, answer: Scenario.Answer) {
        if (answer.`do` == "cancel") return step.cancel()
        val opened = handset.typist.open(step.entry)
        val digits = answer.digits.orEmpty()
        when (answer.`do`) {
            "type", "erase_and_type" -> {
                if (answer.`do` == "erase_and_type") {
                    opened.press("0")
                    assertEquals(0, opened.keypad.erase())
                }
                opened.press(digits)
                answer.cut?.let(handset.stage::cut)
                opened.keypad.confirm()
            }
            "cancel_typing" -> {
                opened.press(digits.take(digits.length / 2))
                step.cancel()
            }
            "wipe" -> {
                opened.press(digits.take(digits.length / 2))
                opened.keypad.cancel()
                checkClosed(opened.keypad)
            }
            "capture" -> {
                opened.press(digits.take(digits.length / 2))
                handset.phone.screenshot()
                checkClosed(opened.keypad)
            }
            else -> error("unknown answer ${answer.`do`}")
        }
    }

    /** It takes no press any more; that nothing of it is left, the memory laboratory shows. */
    private fun checkClosed(keypad: Keypad) {
        val fault = assertThrows(MsgPayException.Keypad::class.java) { keypad.press(keypad.keys.first()) }
        assertEquals(KeypadFault.CLOSED, fault.fault)
    }

    private fun ends(outcome: Any): Scenario.Ends = when (outcome) {
        is Outcome.Paid -> Scenario.Ends("paid")
        is Outcome.NotPaid -> of("not_paid", outcome.reason)
        is Outcome.Cancelled, is PasswordOutcome.Cancelled, is EnrolmentOutcome.Cancelled -> Scenario.Ends("cancelled")
        is Outcome.Unresolved, is PasswordOutcome.Unresolved, is EnrolmentOutcome.Unresolved -> Scenario.Ends("unresolved")
        is PasswordOutcome.Set -> Scenario.Ends("set")
        is PasswordOutcome.NotSet -> of("not_set", outcome.reason)
        is EnrolmentOutcome.Enrolled -> Scenario.Ends("enrolled")
        is EnrolmentOutcome.NotEnrolled -> of("not_enrolled", outcome.reason)
        is ActivationOutcome.Activated -> Scenario.Ends("activated")
        is ActivationOutcome.NotActivated -> of("not_activated", outcome.reason)
        else -> error("unknown outcome")
    }

    private fun of(outcome: String, reason: Reason) = Scenario.Ends(
        outcome = outcome,
        todo = reason.todo.name.lowercase(),
        why = snake(reason.why.javaClass.simpleName),
        triesLeft = reason.triesLeft,
    )

    private fun word(fault: MsgPayException) = when (fault) {
        is MsgPayException.Config -> "config.${fault.fault.name}"
        is MsgPayException.Call -> "call.${fault.fault.name}"
        is MsgPayException.Host -> "host.${fault.fault.name}"
        is MsgPayException.Keypad -> "keypad.${fault.fault.name}"
    }.lowercase()

    private fun snake(name: String) = name.replace(Regex("(?<=[a-z])(?=[A-Z])"), "_").lowercase()
}
