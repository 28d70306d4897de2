import java.io.File
import java.net.URI
import java.nio.file.FileSystems
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import java.util.zip.ZipEntry
import java.util.zip.ZipFile
import java.util.zip.ZipOutputStream

/** An application: the quickstart's program and the sample with the sheet, over the jars of the AAR. */
class App {
    /** All its classes. */
    val program: File = target("program.jar")

    /** The AAR's own rules. */
    val consumer: File = sample("aar/proguard.txt")

    private val main = target("main.pro").apply { writeText("-keep class QuickstartKt { public static void main(java.lang.String[]); }\n") }
    private val brought = target("brought.pro").apply { writeText("") }

    /** What the application keeps: its program, what its manifest names, and what its other libraries ask for. */
    val others: List<File> = listOf(main, sample("app/manifest.pro"), brought)

    private val java = target("java.jar")

    /** What it does not bring along: Android, and what Android has of Java. */
    val libraries: List<File> = listOf(File(System.getProperty("msgpay.framework")), java)

    private val native = target("native")

    init {
        val jars = target("program").listFiles().orEmpty().toList() + sample("aar/classes.jar") + sample("aar/libs/msgpay-core.jar")
        ZipOutputStream(program.outputStream()).use { out ->
            for (jar in jars) ZipFile(jar).use { zip -> zip.entries().asIterator().forEach { pack(jar.name, it.name, zip.getInputStream(it).readBytes(), out) } }
        }
        ZipOutputStream(java.outputStream()).use { out -> MODULES.forEach { module(it, out) } }
    }

    private fun pack(jar: String, name: String, bytes: ByteArray, out: ZipOutputStream) = when {
        // The tests that lie beside the stage and the person who types are no part of it.
        jar.endsWith("-tests.jar") && !Regex("io/msgpay/desktop/(Stage|Typist)\\b.*").matches(name) -> Unit
        name.startsWith("META-INF/proguard/") -> brought.appendBytes(bytes)
        name.startsWith("META-INF/") -> Unit
        name.endsWith(".class") -> out.add(name, bytes)
        name.endsWith(".so") && "/linux-x86-64/" in "/$name" -> native.resolve(name).apply { parentFile.mkdirs() }.writeBytes(bytes)
        else -> Unit
    }

    private fun module(name: String, out: ZipOutputStream) {
        val root = FileSystems.getFileSystem(URI("jrt:/")).getPath("modules", name)
        Files.walk(root).use { files ->
            val classes = files.filter { "$it".endsWith(".class") && "${it.fileName}" != "module-info.class" }
            classes.forEach { out.add("${root.relativize(it)}", Files.readAllBytes(it)) }
        }
    }

    private fun ZipOutputStream.add(name: String, bytes: ByteArray) {
        putNextEntry(ZipEntry(name))
        write(bytes)
    }

    /** Runs what is left of it, in a process of its own; gives how it ends and what it says. */
    fun run(left: File): Pair<Int, String> {
        val said = target("said.txt")
        val java = File(System.getProperty("java.home"), "bin/java")
        val process = ProcessBuilder("$java", "-Dmsgpay.stage=${System.getProperty("msgpay.stage")}", "-cp", "$left:$native", "QuickstartKt")
            .redirectErrorStream(true).redirectOutput(said).start()
        if (!process.waitFor(60, TimeUnit.SECONDS)) process.destroyForcibly()
        return process.waitFor() to said.readText()
    }

    companion object {
        /** `java.compiler` for annotations of Gson's, which the stage reads its lines with. There is no AWT on a phone. */
        private val MODULES = listOf("java.base", "java.logging", "java.sql", "jdk.unsupported", "java.compiler")

        fun target(name: String): File = File("target", name).absoluteFile

        private fun sample(name: String): File = File("../sample/target", name).absoluteFile
    }
}
