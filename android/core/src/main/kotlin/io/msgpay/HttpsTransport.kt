package io.msgpay

import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.io.InputStream
import java.net.HttpRetryException
import java.net.Proxy
import java.net.URL
import java.util.concurrent.Executors
import javax.net.ssl.HttpsURLConnection
import javax.net.ssl.SSLSocketFactory
import kotlin.coroutines.resume

/**
 * HTTPS by the platform's own [HttpsURLConnection]: path validation under the institution's authority, then its pins;
 * 3 s to connect, 10 s for a call, 64 KiB for an answer; no redirect, no proxy, no cache, no repetition.
 */
public class HttpsTransport(pins: List<Pins>) : Transport {
    private val sockets: Map<String, SSLSocketFactory> = pins.associate { it.institution to PinnedTrust.sockets(it) }

    override suspend fun send(request: Request): Answer? {
        val sockets = sockets[request.institution] ?: return null
        return withTimeoutOrNull(CALL_MS_MAX) { exchange(request, sockets) }
    }

    private suspend fun exchange(request: Request, sockets: SSLSocketFactory): Answer? =
        suspendCancellableCoroutine { waiting ->
            val connection = connection(request, sockets)
            if (connection == null) {
                waiting.resume(null)
            } else {
                // Ends a read at once. Off this thread: closing may write.
                waiting.invokeOnCancellation { workers.execute(connection::disconnect) }
                workers.execute {
                    val answer = answer(connection, request)
                    if (waiting.isActive) waiting.resume(answer)
                }
            }
        }

    private fun connection(request: Request, sockets: SSLSocketFactory): HttpsURLConnection? {
        val connection = try {
            URL(request.url).openConnection(Proxy.NO_PROXY) as? HttpsURLConnection
        } catch (_: IOException) {
            null
        } ?: return null
        return connection.apply {
            sslSocketFactory = sockets
            requestMethod = request.method
            connectTimeout = CONNECT_MS_MAX
            readTimeout = CALL_MS_MAX.toInt()
            instanceFollowRedirects = false
            useCaches = false
            doOutput = true
            // A body that is streamed is never sent a second time by the connection itself.
            setFixedLengthStreamingMode(request.body.size)
            request.headers.forEach { setRequestProperty(it.name, it.value) }
            setRequestProperty("Accept-Encoding", "identity")
        }
    }

    private fun answer(connection: HttpsURLConnection, request: Request): Answer? =
        try {
            connection.outputStream.use { it.write(request.body) }
            val status = connection.responseCode
            // Of a refusal the body may be missing: Java has none of a 401, and the refusal is an answer all the same.
            val stream = if (status < REFUSED) connection.inputStream else connection.errorStream
            val body = if (stream == null) ByteArray(0) else stream.use(::bounded)
            body?.let { Answer(status, connection.contentType.orEmpty(), it) }
        } catch (refused: HttpRetryException) {
            Answer(refused.responseCode(), "", ByteArray(0))
        } catch (_: Exception) {
            // Not only of reading and writing: Android throws a SecurityException where the application has no Internet.
            null
        } finally {
            connection.disconnect()
        }

    private fun bounded(stream: InputStream): ByteArray? {
        val body = ByteArray(BODY_BYTES_MAX + 1)
        var length = 0
        while (length < body.size) {
            val read = stream.read(body, length, body.size - length)
            if (read < 0) return body.copyOf(length)
            length += read
        }
        return null
    }

    /** The transport of a [MsgPay], unless it is told of another. */
    public companion object : TransportMaker {
        override fun make(config: NativeConfig): Transport = HttpsTransport(config.pins())

        private const val REFUSED = 400
        private const val CONNECT_MS_MAX = 3_000
        private const val CALL_MS_MAX = 10_000L
        private const val BODY_BYTES_MAX = 64 * 1024

        private val workers = Executors.newCachedThreadPool { work ->
            Thread(work, "msgpay-https").apply { isDaemon = true }
        }
    }
}
