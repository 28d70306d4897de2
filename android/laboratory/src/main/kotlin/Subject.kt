import io.msgpay.ActivationOutcome
import io.msgpay.Key
import io.msgpay.KeyKind
import io.msgpay.Keypad
import io.msgpay.MsgPay
import io.msgpay.MsgPayConfig
import io.msgpay.Outcome
import io.msgpay.PasswordEntry
import io.msgpay.PasswordOutcome
import io.msgpay.Session
import io.msgpay.Step
import io.msgpay.desktop.DesktopPhone
import io.msgpay.desktop.Stage
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.io.FileDescriptor
import java.io.FileInputStream
import java.io.FileOutputStream
import kotlin.system.exitProcess

/*
 * The program that the memory laboratory examines: an application as good as one can be, and with a word after the
 * stage's program one that keeps what it must not.
 *
 * It takes orders of two bytes and answers each with two. A press comes in disguise: first a mask, then the key's number
 * under it. The characters it never learns: the pictures go out, and the laboratory reads them.
 *
 * s a password is set   l an order is paid   o the keypad opens   g its pictures   m mask   p press   e erase
 * x clear   c confirm   q the keypad is cancelled   k a capture begins   i three idle minutes   z the session is cancelled
 * w one character in disguise, for the application that keeps it
 */

/** What a session has come to: the entry that it asks for, or whether it went well. */
private class Turn(val entry: PasswordEntry?, val well: Boolean)

private const val ASKED = 0
private const val WELL = 1
private const val NOT_WELL = 2
private const val FACE_PX = 32
private const val IDLE_S = 181L

private class Subject(private val stage: Stage, private val msgpay: MsgPay, private val phone: DesktopPhone, private val keeper: Keeper) {
    private val turns = Channel<Turn>()
    private var session: Session<*, *>? = null
    private var entry: PasswordEntry? = null
    private var keypad: Keypad? = null
    private var keys: List<Key> = emptyList()
    private var mask = 0

    suspend fun obey(order: Char, argument: Int, out: FileOutputStream, scope: CoroutineScope): Int {
        val keypad = keypad
        return when (order) {
            's' -> begin(msgpay.setPassword(stage.institution), scope) { it is PasswordOutcome.Set }
            'l' -> begin(msgpay.launch(stage.order(fen = 100).link), scope) { it is Outcome.Paid }
            'o' -> open()
            'g' -> pictures(out)
            'm' -> 0.also { mask = argument }
            'p' -> press(argument)
            'w' -> 0.also { keeper.character(argument xor mask) }
            'e' -> keypad!!.erase().also { keeper.take(it) }
            'x' -> keypad!!.clear().also { keeper.take(it) }
            'c' -> keypad!!.confirm().let { turn() }
            'q' -> keypad!!.cancel().let { turn() }
            'k' -> keypad!!.captureDetected().let { turn() }
            'i' -> {
                phone.clockAheadS += IDLE_S
                check(keypad!!.wipeIfIdle())
                turn()
            }
            'z' -> session!!.cancel().let { turn() }
            else -> error("no such order")
        }
    }

    private suspend fun <R : Any, O : Any> begin(session: Session<R, O>, scope: CoroutineScope, well: (O) -> Boolean): Int {
        this.session = session
        scope.launch(Dispatchers.Default) {
            val outcome = session.use {
                it.run { step ->
                    when (step) {
                        is Step.Review -> step.accept()
                        is Step.EnterPassword -> turns.send(Turn(step.entry, false))
                        else -> Unit
                    }
                }
            }
            turns.send(Turn(null, well(outcome)))
        }
        return turn()
    }

    private suspend fun turn(): Int {
        keypad = null
        keys = emptyList()
        val turn = turns.receive()
        entry = turn.entry
        return if (turn.entry != null) ASKED else if (turn.well) WELL else NOT_WELL
    }

    private suspend fun open(): Int {
        val opened = entry!!.open(phone.surface, FACE_PX)
        phone.show(opened)
        keypad = opened
        keys = opened.keys.filter { it.kind == KeyKind.CHARACTER }
        return keys.size
    }

    private suspend fun pictures(out: FileOutputStream): Int {
        for (key in keys) keypad!!.face(key).use { face -> out.channel.write(face.alpha.duplicate()) }
        return 0
    }

    private suspend fun press(masked: Int): Int {
        val length = keypad!!.press(keys[masked xor mask])
        keeper.index(masked xor mask, keys)
        mask = 0
        return length
    }
}

/** What an application must not keep, one way at a time. */
private open class Keeper {
    open suspend fun index(index: Int, keys: List<Key>) = Unit

    open fun character(character: Int) = Unit

    /** So many are left. */
    open fun take(left: Int) = Unit
}

private fun keeper(word: String, config: MsgPayConfig, phone: DesktopPhone): Keeper = when (word) {
    "string" -> object : Keeper() {
        var kept = ""

        override fun character(character: Int) {
            kept += character.toChar()
        }

        override fun take(left: Int) {
            kept = kept.take(left)
        }
    }
    "list" -> object : Keeper() {
        val kept = mutableListOf<Int>()

        override suspend fun index(index: Int, keys: List<Key>) {
            kept += index
        }
    }
    "array" -> object : Keeper() {
        var kept = ByteArray(0)

        // By value across the line, as a file of a configuration.
        override suspend fun index(index: Int, keys: List<Key>) {
            kept += index.toByte()
            MsgPay.open(MsgPayConfig(config.text, config.files + ("beside" to kept)), phone.capabilities).close()
        }
    }
    "lambda" -> object : Keeper() {
        var last: () -> Key? = { null }

        // Only the last is kept; the others lie about until they are collected.
        override suspend fun index(index: Int, keys: List<Key>) {
            val key = keys[index]
            last = { key }
        }
    }
    else -> Keeper()
}

fun main(arguments: Array<String>) {
    System.setProperty("msgpay.stage", arguments[0])
    val orders = FileInputStream(FileDescriptor.`in`)
    val answers = FileOutputStream(FileDescriptor.out)
    val order = ByteArray(2)
    runBlocking {
        val stage = Stage()
        val phone = DesktopPhone()
        val msgpay = MsgPay.open(stage.config, phone.capabilities)
        check(msgpay.activate(stage.institution, stage.activationCode()).use { it.run() } is ActivationOutcome.Activated)
        val subject = Subject(stage, msgpay, phone, keeper(arguments.getOrElse(1) { "" }, stage.config, phone))
        answers.write(byteArrayOf('.'.code.toByte(), 0))
        while (orders.read(order) == 2) {
            val answer = subject.obey(order[0].toInt().toChar(), order[1].toInt() and 0xFF, answers, this)
            order.fill(0)
            answers.write(byteArrayOf('.'.code.toByte(), answer.toByte()))
        }
        msgpay.close()
        stage.close()
    }
    exitProcess(0)
}
