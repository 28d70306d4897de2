package io.msgpay.desktop

import com.google.gson.FieldNamingPolicy
import com.google.gson.GsonBuilder
import java.io.File

/** The scenarios that every language runs; `tests/scenarios/sdk.json` says what the words mean. */
class Scenario(
    val name: String,
    val given: List<String>,
    val fen: Long?,
    val parts: List<Part>,
    val books: Books,
) {
    class Part(
        val session: String,
        val link: String?,
        val code: String?,
        val restart: Boolean,
        val clockAheadS: Long,
        val fault: String?,
        val faultOff: String?,
        val answers: List<Answer>,
        val ends: Ends,
    )

    class Answer(val at: String, val `do`: String, val digits: String?, val cut: String?)

    /** Absent things are not judged. */
    data class Ends(
        val outcome: String? = null,
        val error: String? = null,
        val todo: String? = null,
        val why: String? = null,
        val triesLeft: Int? = null,
    )

    class Books(val debits: Int?, val open: Int)

    private class All(val scenarios: List<Scenario>)

    companion object {
        fun all(): List<Scenario> {
            val file = File(checkNotNull(System.getProperty("msgpay.scenarios")) { "-Dmsgpay.scenarios names the file" })
            val gson = GsonBuilder().setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES).create()
            return gson.fromJson(file.readText(), All::class.java).scenarios
        }
    }
}
