import com.google.gson.JsonParser
import io.msgpay.desktop.Stage
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.rules.Timeout
import java.io.Closeable
import java.io.File

/** Processes that are killed while a request is under way, and those that come after them. */
class KilledTest {
    @get:Rule
    val limit: Timeout = Timeout.seconds(120)

    @get:Rule
    val temporary = TemporaryFolder()

    @Test
    fun `a process killed before its request left`() = assertEquals("voided" to 0, killed(at = "request"))

    @Test
    fun `a process killed before its answer came`() = assertEquals("paid" to 1, killed(at = "answer"))

    /** Kills a process at the gate; gives what the next one learns, and the debits. */
    private fun killed(at: String): Pair<String, Int> = Stage().use { stage ->
        val folder = temporary.newFolder()
        assertEquals("ready", HandsetProcess(stage, folder, "activate").use { it.told() })
        val order = stage.order(fen = 990)
        HandsetProcess(stage, folder, "pay", order.link, at).use { paying ->
            assertEquals("under way", paying.told())
            assertEquals("SIGKILL", 128 + 9, paying.kill())
        }
        val restore = { from: File -> HandsetProcess(stage, from, "restore", order.payOrderNo).use { it.told() } }
        assertEquals("another folder knows nothing of it", "nothing open", restore(temporary.newFolder()))
        val told = restore(folder)
        assertEquals("resolved for good", "nothing open", restore(folder))
        assertEquals(emptyList<String>(), stage.findings())
        told to stage.debits(order)
    }
}

/** The program `Handset` over the packaged jars, whose questions to the stage are passed on. */
private class HandsetProcess(private val stage: Stage, folder: File, vararg arguments: String) : Closeable {
    private val process =
        ProcessBuilder("${File(System.getProperty("java.home"), "bin/java")}", "-cp", jars(), "HandsetKt", folder.path, *arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val to = process.outputStream.bufferedWriter()
    private val from = process.inputStream.bufferedReader()

    init {
        write(stage.greeting)
    }

    /** What it tells, once it does. */
    fun told(): String {
        while (true) {
            val line = checkNotNull(from.readLine()) { "it has ended, ${process.waitFor()}" }
            JsonParser.parseString(line).asJsonObject["told"]?.let { return it.asString }
            write(stage.pass(line))
        }
    }

    /** Kills it; gives its end. */
    fun kill(): Int = process.destroyForcibly().waitFor()

    override fun close() {
        process.destroyForcibly().waitFor()
    }

    private fun write(line: String) {
        to.write("$line\n")
        to.flush()
    }

    private companion object {
        fun jars(): String = System.getProperty("surefire.test.class.path").also {
            check(Regex("/msgpay-core-[^/]*\\.jar").containsMatchIn(it)) { "the jars are not packed: $it" }
        }
    }
}
