package io.msgpay.desktop

import com.google.gson.FieldNamingPolicy
import com.google.gson.GsonBuilder
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
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

    companion object {
        private val gson = GsonBuilder().setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES).create()

        private val known: Set<String> =
            listOf(Scenario::class, Part::class, Answer::class, Ends::class, Books::class).flatMap { type ->
                type.java.declaredFields.map { FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES.translateName(it) }
            }.toSet()

        fun all(): List<Scenario> = written().map(::of)

        /** As the file has them. */
        fun written(): List<JsonObject> {
            val file = File(checkNotNull(System.getProperty("msgpay.scenarios")) { "-Dmsgpay.scenarios names the file" })
            return JsonParser.parseString(file.readText()).asJsonObject["scenarios"].asJsonArray.map { it.asJsonObject }
        }

        /** A member that no class here has would be passed over: it is refused. */
        fun of(written: JsonObject): Scenario {
            val unknown = members(written) - known
            require(unknown.isEmpty()) { "not known here: $unknown" }
            return gson.fromJson(written, Scenario::class.java)
        }

        private fun members(json: JsonElement): Set<String> = when {
            json.isJsonObject -> json.asJsonObject.entrySet().flatMap { (name, inner) -> members(inner) + name }.toSet()
            json.isJsonArray -> json.asJsonArray.flatMap(::members).toSet()
            else -> emptySet()
        }
    }
}
