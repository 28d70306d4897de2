package io.msgpay.desktop

import com.google.gson.JsonArray
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import io.msgpay.Face
import io.msgpay.MsgPayConfig
import java.io.BufferedReader
import java.io.BufferedWriter
import java.io.Closeable
import java.util.Base64
import java.util.concurrent.TimeUnit

/** A real platform with a merchant, a subscriber and a reader of pictures, in a process of its own. */
class Stage private constructor(private val process: Process?, private val to: BufferedWriter, private val from: BufferedReader) : Closeable {
    constructor() : this(ProcessBuilder(program(), "stage").redirectError(ProcessBuilder.Redirect.DISCARD).start())

    private constructor(process: Process) : this(process, process.outputStream.bufferedWriter(), process.inputStream.bufferedReader())

    /** The first line for a process that is to have this stage too. */
    val greeting: String = line()
    val institution: String
    val config: MsgPayConfig

    init {
        val ready = JsonParser.parseString(greeting).asJsonObject
        institution = ready["institution"].asString
        val files = ready["files"].asJsonObject.entrySet().associate { it.key to it.value.asString.encodeToByteArray() }
        config = MsgPayConfig(ready["config"].asString, files)
    }

    class Order(val payOrderNo: String, val link: String)

    fun activationCode(): String = ask("activate")["code"].asString

    fun order(fen: Long): Order {
        val order = ask("order") { addProperty("fen", fen) }
        return Order(order["payOrderNo"].asString, order["link"].asString)
    }

    fun cut(what: String) {
        ask("cut") { addProperty("what", what) }
    }

    fun debits(order: Order): Int = ask("state") { addProperty("payOrderNo", order.payOrderNo) }["debits"].asInt

    /** What the platform's own check of its books finds. */
    fun findings(): List<String> = ask("check")["findings"].asJsonArray.map { it.toString() }

    /** The digits that a person would see, in the order of [faces]. */
    fun read(faces: List<Face>): List<Int> = readPictures(
        faces.first().widthPx,
        faces.first().heightPx,
        faces.map { face -> ByteArray(face.alpha.capacity()).also { face.alpha.duplicate().get(it) } },
    )

    /** The same of pictures: row after row, 0 clear, 255 ink. */
    fun readPictures(widthPx: Int, heightPx: Int, alphas: List<ByteArray>): List<Int> {
        val pictures = JsonArray()
        for (alpha in alphas) {
            pictures.add(JsonObject().apply {
                addProperty("width", widthPx)
                addProperty("height", heightPx)
                addProperty("alpha", Base64.getEncoder().encodeToString(alpha))
            })
        }
        return ask("read") { add("faces", pictures) }["digits"].asJsonArray.map { it.asInt }
    }

    /** Passes on a line of a process that has this stage too; gives the line to answer it by. */
    fun pass(line: String): String {
        to.write("$line\n")
        to.flush()
        return line()
    }

    private fun ask(what: String, more: JsonObject.() -> Unit = {}): JsonObject {
        val answer = pass("${JsonObject().apply { addProperty("do", what); more() }}")
        return JsonParser.parseString(answer).asJsonObject.also { check(it["ok"].asBoolean) { "the stage refused $what: $it" } }
    }

    private fun line(): String = checkNotNull(from.readLine()) { "the stage is gone" }

    override fun close() {
        to.close()
        if (process?.waitFor(10, TimeUnit.SECONDS) == false) process.destroyForcibly()
    }

    companion object {
        /** The stage of the process that started this one, which passes on what is asked: see [pass]. */
        fun ofParent(): Stage = Stage(null, System.out.bufferedWriter(), System.`in`.bufferedReader())

        private fun program(): String =
            System.getProperty("msgpay.stage").orEmpty().ifEmpty { error("-Dmsgpay.stage names the program msgpay-demo") }
    }
}
