package io.msgpay.desktop

import com.google.gson.JsonObject
import io.msgpay.FileVault
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.rules.Timeout

/** The player sees what does not go as written: each thing that it judges, changed alone. */
class WrongScenarioTest {
    @get:Rule
    val limit: Timeout = Timeout.seconds(240)

    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `a payment that is written wrong is found`() = found(
        "a payment is paid once",
        { it["books"].asJsonObject.addProperty("debits", 0) },
        { it["books"].asJsonObject.addProperty("open", 1) },
        { it.ends.addProperty("outcome", "not_paid") },
        { it.ends.addProperty("error", "host.keystore") },
        { it.answers[0].asJsonObject.addProperty("at", "enter_password") },
        { it.answers.remove(it.answers.size() - 1) },
        { it.answers.add(it.answers[0].deepCopy()) },
    )

    @Test
    fun `a refusal that is written wrong is found`() = found(
        "a wrong password is counted, and the right one pays",
        { it.ends.addProperty("todo", "nothing") },
        { it.ends.addProperty("why", "locked") },
        { it.ends.addProperty("tries_left", 5) },
    )

    @Test
    fun `an error that is written wrong is found`() =
        found("a keystore that fails sends nothing", { it.ends.addProperty("error", "host.vault") })

    @Test
    fun `a member that is not known is not passed over`() {
        val one = written("a payment is paid once").also { it.addProperty("unheard_of", 1) }
        assertThrows(IllegalArgumentException::class.java) { Scenario.of(one) }
    }

    private fun found(name: String, vararg spoils: (JsonObject) -> Unit) = spoils.forEachIndexed { at, spoil ->
        val scenario = Scenario.of(written(name).also(spoil))
        val found = assertThrows("$name $at", Throwable::class.java) {
            runBlocking { Handset(FileVault(folder.newFolder().toPath())).use { ScenarioRun(scenario, it).run() } }
        }
        assertTrue("$name $at: $found", found is AssertionError || found is IllegalStateException)
    }

    private fun written(name: String) = Scenario.written().first { it["name"].asString == name }.deepCopy()

    private val JsonObject.part get() = this["parts"].asJsonArray[0].asJsonObject
    private val JsonObject.ends get() = part["ends"].asJsonObject
    private val JsonObject.answers get() = part["answers"].asJsonArray
}
