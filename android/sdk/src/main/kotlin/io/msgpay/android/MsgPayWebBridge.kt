package io.msgpay.android

import android.app.Activity
import android.net.Uri
import android.webkit.WebMessage
import android.webkit.WebMessagePort
import android.webkit.WebView
import io.msgpay.MsgPay
import io.msgpay.MsgPayException
import io.msgpay.Outcome
import io.msgpay.PageBridge
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.io.Closeable

/**
 * Lets the pages of a web view begin and confirm payments. A page gets a `MessagePort`, in a message `msgpay` that is
 * addressed to its exact origin, so that no other document receives it; what comes through that port comes from nobody
 * else. No object is put into the page.
 *
 * Call [loaded] from `WebViewClient.onPageFinished` and [leaving] from `onPageStarted`. Of the main thread.
 *
 * @param onFault gets what this phone or the application did wrong; `unresolved()` says whether a payment is open
 * @param onEnded gets each payment's outcome
 */
public class MsgPayWebBridge private constructor(
    private val activity: Activity,
    private val web: WebView,
    private val bridge: PageBridge,
    private val origins: List<String>,
    private val onFault: (MsgPayException) -> Unit,
    private val onEnded: (Outcome) -> Unit,
) : Closeable {
    private val scope = mainScope()
    private val turn = Mutex()
    private var document = 0L
    private var port: WebMessagePort? = null
    private var errand: Errand<Outcome>? = null

    /** The web view has begun to load another document: what an earlier one had open is turned back. */
    public fun leaving() {
        document++
        port?.close()
        port = null
        inTurn { bridge.end() }
        errand?.end()
    }

    /** A document has loaded. It gets a port when [url] is of a listed origin. */
    public fun loaded(url: String) {
        val origin = origin(url) ?: return
        if (origin !in origins || port != null) return
        val (here, there) = web.createWebMessageChannel()
        val number = document
        here.setWebMessageCallback(object : WebMessagePort.WebMessageCallback() {
            override fun onMessage(from: WebMessagePort, message: WebMessage) = heard(message.data.orEmpty(), origin, number)
        })
        port = here
        web.postWebMessage(WebMessage(CHANNEL, arrayOf(there)), Uri.parse(origin))
    }

    override fun close() {
        leaving()
        scope.launch { turn.withLock { scope.cancel() } }
    }

    private fun heard(text: String, origin: String, number: Long) = inTurn {
        // It may have waited while its document was left.
        if (number != document) return@inTurn
        when (val reaction = bridge.receive(text, origin, isTopLevel = true, number)) {
            is PageBridge.Reaction.Begin -> begin(reaction)
            PageBridge.Reaction.Left -> errand?.end()
            PageBridge.Reaction.Nothing, PageBridge.Reaction.Ignored, PageBridge.Reaction.Wiped, PageBridge.Reaction.End -> Unit
        }
        flush()
    }

    /** One after another, as they came. */
    private fun inTurn(work: suspend () -> Unit) {
        scope.launch { turn.withLock { orFault(work) } }
    }

    private suspend fun orFault(work: suspend () -> Unit) =
        try {
            work()
        } catch (fault: MsgPayException) {
            onFault(fault)
        }

    private fun begin(reaction: PageBridge.Reaction.Begin) {
        errand?.end()
        val begun = Errand(Purpose.PAY_ABOVE_PAGE) { reaction.payment }
        begun.onTyped = { inTurn { flush() } }
        errand = begun
        scope.launch { orFault { onEnded(begun.shownOver(activity)) } }
    }

    /** Hands over what the page is to be told. A text for a document that is gone goes nowhere. */
    private suspend fun flush() {
        for (message in bridge.messages()) if (message.document == document.toULong()) port?.postMessage(WebMessage(message.text))
    }

    public companion object {
        /** What the message that brings the port says. */
        public const val CHANNEL: String = "msgpay"

        /**
         * For the pages of these [origins]: `https://shop.example`, exact, without wildcards.
         *
         * @throws io.msgpay.MsgPayException.Call for another form
         */
        public suspend fun open(
            activity: Activity,
            web: WebView,
            msgpay: MsgPay,
            origins: List<String>,
            onFault: (MsgPayException) -> Unit,
            onEnded: (Outcome) -> Unit,
        ): MsgPayWebBridge = MsgPayWebBridge(activity, web, msgpay.bridge(origins), origins, onFault, onEnded)

        /** Scheme, host and port, the default one left out; nothing for a document without an origin. */
        internal fun origin(url: String): String? {
            val uri = Uri.parse(url)
            val host = uri.host ?: return null
            val port = if (uri.port == -1 || uri.port == HTTPS) "" else ":${uri.port}"
            return if (uri.scheme == "https") "https://$host$port" else null
        }

        private const val HTTPS = 443
    }
}
