import io.msgpay.ActivationOutcome
import io.msgpay.DesktopStopwatch
import io.msgpay.KeyKind
import io.msgpay.Keypad
import io.msgpay.MsgPay
import io.msgpay.NativeKeypad
import io.msgpay.PasswordEntry
import io.msgpay.Payment
import io.msgpay.Step
import io.msgpay.desktop.DesktopPhone
import io.msgpay.desktop.Stage
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import java.io.File

/*
 * What the line costs on a JVM, for `cargo xtask bench ffi`: a press through the public API, a call that does next to
 * nothing, loading, memory. Prints one JSON object a line: `name` and `ns`, the median of all samples, or `kb`.
 */

private const val KEYPADS = 120

/** Keypads before anything is counted: the machine compiles what runs often. */
private const val WARM_UP = 60

/** A keypad takes 64 presses, and a round has four of them: two are taken back. */
private const val ROUNDS = 15
private const val BARE_CALLS = 54
private const val FACE_PX = 24
private const val PHONE_FACE_PX = 192

private class Cost(private val stage: Stage, private val phone: DesktopPhone) {
    private val press = mutableListOf<Long>()
    private val bare = mutableListOf<Long>()
    private val rust = mutableListOf<Long>()
    private val stopwatch = DesktopStopwatch()

    suspend fun measure(msgpay: MsgPay) {
        val payment = msgpay.launch(stage.order(fen = 100).link)
        var keypads = 0
        payment.use {
            payment.run { step ->
                if (step is Step.Review) step.accept()
                if (step is Step.EnterPassword) turn(step.entry, payment, keypads++)
            }
        }
        show("press", press)
        show("bare_call", bare)
        show("rust_press", rust)
    }

    private suspend fun turn(entry: PasswordEntry, payment: Payment, keypads: Int) {
        if (keypads == KEYPADS) return payment.cancel()
        // An entry opens once; its keypad, cancelled, leads to the next.
        if (keypads == 0) return memory(entry)
        val counts = keypads >= WARM_UP
        bareCalls(counts)
        val keypad = entry.open(phone.surface, FACE_PX)
        presses(keypad, counts)
        keypad.cancel()
    }

    /** With faces of the size that a phone asks for, the first keypad of the process: what it makes once is in it. */
    private suspend fun memory(entry: PasswordEntry) {
        val before = residentKb()
        val keypad = entry.open(phone.surface, PHONE_FACE_PX)
        showKb("open_keypad", residentKb() - before)
        showKb("open_keypad_pictures", keypad.keys.sumOf { it.widthPx * it.heightPx } / 1024L)
        keypad.cancel()
    }

    /** In the shape of a press: a number in, a number or an error out. */
    private fun bareCalls(counts: Boolean) = repeat(BARE_CALLS) { at ->
        val start = System.nanoTime()
        stopwatch.same(at.toUByte())
        if (counts) bare += System.nanoTime() - start
    }

    private suspend fun presses(keypad: Keypad, counts: Boolean) {
        val key = keypad.keys.first { it.kind == KeyKind.CHARACTER }
        val field = Keypad::class.java.getDeclaredField("native").apply { isAccessible = true }
        val native = field.get(keypad) as NativeKeypad
        repeat(ROUNDS) {
            // The same key on the same empty keypad, in turn, each press alone as a person's is: what differs is the line.
            val inside = stopwatch.pressNs(native, 0u)
            if (counts) rust += inside
            val start = System.nanoTime()
            keypad.press(key)
            if (counts) press += System.nanoTime() - start
            keypad.clear()
        }
    }
}

private fun show(name: String, samples: List<Long>) = show(name, samples.sorted()[samples.size / 2])

/** Resident memory of this process that no file gives, in KB. The heap is resident from the start, by the machine's options. */
private fun residentKb(): Long =
    File("/proc/self/status").readLines().first { it.startsWith("RssAnon:") }.filter(Char::isDigit).toLong()

private fun showKb(name: String, kb: Long) = println("""{"name":"$name","kb":$kb}""")

private fun show(name: String, ns: Long) = println("""{"name":"$name","ns":$ns}""")

fun main(arguments: Array<String>) {
    System.setProperty("msgpay.stage", arguments[0])
    val stage = Stage()
    runBlocking {
        val phone = DesktopPhone()
        // The library's own clock, as on a phone: the desktop's can be put ahead, and a press would wait for it.
        val capabilities = phone.capabilities.copy(clock = null)
        val empty = residentKb()
        val start = System.nanoTime()
        val opening = async { MsgPay.open(stage.config, capabilities) }
        // What this thread, which stands for an application's main thread, can do meanwhile.
        var held = 0L
        var last = start
        while (opening.isActive) {
            yield()
            val now = System.nanoTime()
            held = maxOf(held, now - last)
            last = now
        }
        opening.await().use { msgpay ->
            show("load_and_first_call", System.nanoTime() - start)
            show("main_thread_held", held)
            showKb("load_and_open", residentKb() - empty)
            val again = System.nanoTime()
            MsgPay.open(stage.config, capabilities).close()
            show("open_again", System.nanoTime() - again)
            val activated = msgpay.activate(stage.institution, stage.activationCode()).use { it.run() }
            check(activated is ActivationOutcome.Activated) { "$activated" }
            msgpay.setPassword(stage.institution).use { io.msgpay.desktop.Typist(stage, phone).let { person ->
                it.run { step ->
                    if (step is Step.Review) step.accept()
                    if (step is Step.EnterPassword) person.type(step.entry, "492718")
                }
            } }
            Cost(stage, phone).measure(msgpay)
        }
    }
    stage.close()
    kotlin.system.exitProcess(0)
}
