import io.msgpay.ActivationOutcome
import io.msgpay.DesktopKeystore
import io.msgpay.FileVault
import io.msgpay.HttpsTransport
import io.msgpay.KeyGuard
import io.msgpay.KeystoreHost
import io.msgpay.MsgPay
import io.msgpay.Outcome
import io.msgpay.PasswordOutcome
import io.msgpay.Phone
import io.msgpay.Session
import io.msgpay.Step
import io.msgpay.Suite
import io.msgpay.Transport
import io.msgpay.TransportMaker
import io.msgpay.desktop.DesktopPhone
import io.msgpay.desktop.Stage
import io.msgpay.desktop.Typist
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.runBlocking
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import kotlin.system.exitProcess

/*
 * A handset as a process of its own, for tests that kill it. It speaks to the stage through whoever started it: its
 * output asks, its input answers.
 *
 *   Handset FOLDER activate            once: wallet and password
 *   Handset FOLDER pay LINK request    pays; holds the submission before it leaves, says so, and waits
 *   Handset FOLDER pay LINK answer     the same, once the submission has arrived
 *   Handset FOLDER restore ORDER       asks about the order that a process before it was at
 *
 * Its last line tells what came of it.
 */

private fun tell(what: String) = println("""{"told":"$what"}""")

/** HTTPS with a gate: a submission stands before it, or its answer does, for ever. */
private class Gated(private val gate: String) : TransportMaker {
    override fun make(config: io.msgpay.NativeConfig): Transport {
        val https = HttpsTransport.make(config)
        return Transport { request ->
            if (!request.url.endsWith("/payments")) return@Transport https.send(request)
            if (gate == "answer") https.send(request)
            tell("under way")
            awaitCancellation()
        }
    }
}

/** Keys as files, so that the next process has them. */
private class FileKeys(folder: Path) : KeystoreHost {
    private val keys = DesktopKeystore.open("${Files.createDirectories(folder)}")

    override fun makeKey(name: String, suite: Suite, guard: KeyGuard) = keys.makeKey(name, suite, guard)

    override fun sign(name: String, message: ByteArray): ByteArray =
        keys.sign(name, ByteBuffer.allocateDirect(message.size).put(message).flip())

    override fun forgetKey(name: String) = keys.forgetKey(name)
}

private class Handset(private val stage: Stage, folder: Path) {
    // What types is the desktop's; keys and records are files.
    private val typist = Typist(stage, DesktopPhone())
    private val phone = Phone(FileKeys(folder.resolve("keys")), FileVault(folder.resolve("vault")), null)

    suspend fun activate() {
        MsgPay.open(stage.config, phone).use { msgpay ->
            val activated = msgpay.activate(stage.institution, stage.activationCode()).use { it.run() }
            val set = msgpay.setPassword(stage.institution).use { drive(it) }
            check(activated is ActivationOutcome.Activated && set is PasswordOutcome.Set)
        }
        tell("ready")
    }

    suspend fun pay(link: String, gate: String) {
        val outcome = MsgPay.open(stage.config, phone, Gated(gate)).launch(link).use { drive(it) }
        error("nobody killed it: $outcome")
    }

    suspend fun restore(payOrderNo: String) {
        val msgpay = MsgPay.open(stage.config, phone)
        val open = msgpay.unresolved().firstOrNull { it.payOrderNo == payOrderNo } ?: return tell("nothing open")
        when (val outcome = msgpay.resolve(open.institution, open.payOrderNo).use { drive(it) }) {
            is Outcome.Paid -> tell("paid")
            is Outcome.NotPaid -> tell(outcome.reason.why.javaClass.simpleName.lowercase())
            is Outcome.Cancelled, is Outcome.Unresolved -> tell("not known")
        }
    }

    private suspend fun <R : Any, O : Any> drive(session: Session<R, O>): O = session.run { step ->
        when (step) {
            is Step.Review -> step.accept()
            is Step.EnterPassword -> typist.type(step.entry, "492718")
            is Step.Unresolved -> step.leave()
            is Step.ConfirmBiometric, is Step.Working, is Step.Concluded -> Unit
        }
    }
}

fun main(arguments: Array<String>) {
    val (folder, task) = arguments
    runBlocking {
        val handset = Handset(Stage.ofParent(), Path.of(folder))
        when (task) {
            "activate" -> handset.activate()
            "pay" -> handset.pay(arguments[2], arguments[3])
            "restore" -> handset.restore(arguments[2])
            else -> exitProcess(2)
        }
    }
    exitProcess(0)
}
