package io.msgpay.desktop

import com.sun.net.httpserver.HttpsConfigurator
import com.sun.net.httpserver.HttpsServer
import io.msgpay.Answer
import io.msgpay.HttpsTransport
import io.msgpay.Pins
import io.msgpay.Request
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.File
import java.net.InetSocketAddress
import java.security.KeyStore
import java.security.MessageDigest
import java.util.concurrent.TimeUnit
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext

/** A refusal is an answer, whatever its status; silence is none. */
class RefusalTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `every status arrives, a 401 too`() = served { server ->
        for (status in listOf(200, 400, 401, 403, 407, 409, 500, 503)) {
            val answer = server.send("/$status")
            assertEquals(status, answer?.status)
            // Java throws the body of these two away; of the others it comes.
            if (status !in setOf(401, 407)) assertEquals("said $status", answer?.body?.decodeToString())
        }
    }

    @Test
    fun `a connection that is cut, and a body that is too long, are no answer`() = served { server ->
        assertNull(server.send("/cut"))
        assertNull(server.send("/long"))
    }

    @Test
    fun `what a connection throws ends at the call`() = served { server ->
        var foreign: Throwable? = null
        val before = Thread.getDefaultUncaughtExceptionHandler()
        Thread.setDefaultUncaughtExceptionHandler { _, thrown -> foreign = thrown }
        try {
            // No port has such a number, and the runtime says so by another exception than those of a connection.
            assertNull(server.at("https://localhost:70000/"))
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before)
        }
        assertNull(foreign)
    }

    private class Server(val url: String, val transport: HttpsTransport) {
        fun send(path: String): Answer? = at(url + path)

        fun at(url: String): Answer? =
            runBlocking { transport.send(Request("bank", "POST", url, emptyList(), ByteArray(3))) }
    }

    private fun served(test: (Server) -> Unit) {
        val store = identity()
        val keys = KeyManagerFactory.getInstance("SunX509").apply { init(store, PASSWORD) }
        val tls = SSLContext.getInstance("TLS").apply { init(keys.keyManagers, null, null) }
        val server = HttpsServer.create(InetSocketAddress("localhost", 0), 0)
        server.httpsConfigurator = HttpsConfigurator(tls)
        server.createContext("/") { exchange ->
            exchange.requestBody.readAllBytes()
            when (val asked = exchange.requestURI.path.drop(1)) {
                "cut" -> Unit
                "long" -> ByteArray(65 * 1024).let { exchange.sendResponseHeaders(200, it.size.toLong()); exchange.responseBody.write(it) }
                else -> "said $asked".encodeToByteArray().let { exchange.sendResponseHeaders(asked.toInt(), it.size.toLong()); exchange.responseBody.write(it) }
            }
            exchange.close()
        }
        server.start()
        try {
            val certificate = store.getCertificate("server")
            val pin = MessageDigest.getInstance("SHA-256").digest(certificate.publicKey.encoded)
            val transport = HttpsTransport(listOf(Pins("bank", listOf(pin), listOf(certificate.encoded))))
            test(Server("https://localhost:${server.address.port}", transport))
        } finally {
            server.stop(0)
        }
    }

    private fun identity(): KeyStore {
        val file = File(folder.root, "server.p12")
        val words = listOf(
            "${System.getProperty("java.home")}/bin/keytool", "-genkeypair", "-alias", "server", "-keyalg", "EC", "-groupname", "secp256r1",
            "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-keystore", file.path, "-storepass", String(PASSWORD),
        )
        val made = ProcessBuilder(words).redirectErrorStream(true).redirectOutput(File(folder.root, "keytool.log")).start()
        check(made.waitFor(60, TimeUnit.SECONDS) && made.exitValue() == 0) { File(folder.root, "keytool.log").readText() }
        return KeyStore.getInstance("PKCS12").apply { file.inputStream().use { load(it, PASSWORD) } }
    }

    private companion object {
        val PASSWORD = "of-a-test".toCharArray()
    }
}
