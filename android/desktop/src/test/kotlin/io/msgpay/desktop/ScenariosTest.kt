package io.msgpay.desktop

import io.msgpay.FileVault
import kotlinx.coroutines.runBlocking
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.rules.Timeout
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/** The scenarios that every language runs, each with a platform and a handset of its own. */
@RunWith(Parameterized::class)
class ScenariosTest(@Suppress("UNUSED_PARAMETER" /* in the test's name */) name: String, private val scenario: Scenario) {
    @get:Rule
    val limit: Timeout = Timeout.seconds(120)

    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun runs() = runBlocking {
        Handset(FileVault(folder.root.toPath().resolve("vault"))).use { ScenarioRun(scenario, it).run() }
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun scenarios() = Scenario.all().map { arrayOf(it.name, it) }
    }
}
