import com.android.tools.r8.D8
import com.android.tools.r8.D8Command
import com.android.tools.r8.R8Command
import com.android.tools.r8.origin.Origin
import proguard.Configuration
import proguard.ConfigurationParser
import proguard.ProGuard
import java.io.File
import java.util.Properties

/** What makes an application smaller, called as an Android build calls it. */
enum class Shrinker {
    PROGUARD {
        override fun shrink(program: File, rules: List<File>, libraries: List<File>, to: File) {
            // Its optimiser makes classes of Kotlin's lambdas that Java's verifier refuses.
            val words = listOf("-injars $program", "-outjars $to", "-dontoptimize", "-dontnote") +
                libraries.map { "-libraryjars $it(**.class)" } + rules.map { "-include $it" }
            val configuration = Configuration()
            ConfigurationParser(words.joinToString("\n"), "words", null, Properties()).use { it.parse(configuration) }
            ProGuard(configuration).execute()
        }
    },
    R8 {
        override fun shrink(program: File, rules: List<File>, libraries: List<File>, to: File) {
            val words = listOf("--classfile", "--output", "$to", "$program") +
                libraries.flatMap { listOf("--lib", "$it") } + rules.flatMap { listOf("--pg-conf", "$it") }
            com.android.tools.r8.R8.run(R8Command.parse(words.toTypedArray(), Origin.unknown()).build())
        }
    };

    /** Leaves in [to] what [rules] need of [program]. */
    abstract fun shrink(program: File, rules: List<File>, libraries: List<File>, to: File)
}

/** Makes of [program] what a phone from [minApi] on runs. */
fun dex(program: File, libraries: List<File>, minApi: Int, to: File) {
    val words = listOf("--release", "--min-api", "$minApi", "--output", "$to", "$program") + libraries.flatMap { listOf("--lib", "$it") }
    D8.run(D8Command.parse(words.toTypedArray(), Origin.unknown()).build())
}
