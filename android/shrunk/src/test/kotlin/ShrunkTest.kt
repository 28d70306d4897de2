import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.BeforeClass
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized
import java.io.File
import java.util.zip.ZipFile

/** An application with the AAR in it is shrunk by the rules that the AAR brings, and pays all the same. */
@RunWith(Parameterized::class)
class ShrunkTest(private val shrinker: Shrinker) {
    @Test
    fun `what is left pays, and Android 8 takes it`() {
        val left = shrunk(app.others + app.consumer, "with")
        assertTrue("little is left out", left.length() < app.program.length() / 3)
        val (end, said) = app.run(left)
        assertTrue(said, Regex("""paid: P\d+, signed by \w+\s*""").matches(said))
        assertEquals(0, end)

        val dex = App.target("$shrinker-dex.zip").also { dex(left, app.libraries, minApi = 26, it) }
        val code = ZipFile(dex).use { zip -> zip.getInputStream(zip.getEntry("classes.dex")).use { it.readBytes() } }
        val text = code.toString(Charsets.ISO_8859_1)
        assertTrue("a form that is newer than Android 8", text.startsWith("dex\n038\u0000"))
        assertTrue("the sheet is not there", "Lio/msgpay/android/MsgPayActivity;" in text)
        println("$shrinker: ${app.program.length()} bytes of classes before, ${left.length()} after; ${dex.length()} as dex")
    }

    @Test
    fun `without the AAR's rules it does not find its library`() {
        // What does not concern the running stays, or there would be nothing to run.
        val silent = App.target("silent.pro").apply { writeText(app.consumer.readLines().filter { it.startsWith("-dontwarn") }.joinToString("\n")) }
        val (end, said) = app.run(shrunk(app.others + silent, "without"))
        assertTrue(said, "the library msgpay could not be loaded" in said)
        assertFalse(said, "paid" in said)
        assertEquals(1, end)
    }

    private fun shrunk(rules: List<File>, how: String) =
        App.target("$shrinker-$how.jar").also { shrinker.shrink(app.program, rules, app.libraries, it) }

    companion object {
        private lateinit var app: App

        @JvmStatic
        @BeforeClass
        fun pack() {
            app = App()
        }

        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun shrinkers() = Shrinker.entries
    }
}
