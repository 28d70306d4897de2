import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream

/** The README's program does what the README says, in as few lines. */
class QuickstartTest {
    @Test
    fun `it pays`() {
        val said = ByteArrayOutputStream()
        val out = System.out
        System.setOut(PrintStream(said))
        try {
            main()
        } finally {
            System.setOut(out)
        }
        assertTrue("$said", Regex("""paid: P\d+, signed by \w+\s*""").matches(said.toString()))
    }

    @Test
    fun `it has at most forty lines`() {
        val lines = File("src/main/kotlin/Quickstart.kt").readLines().size
        assertEquals("$lines lines", true, lines <= 40)
    }
}
