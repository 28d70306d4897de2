package io.msgpay.android

import android.content.Context
import android.net.Uri
import android.webkit.WebMessage
import android.webkit.WebMessagePort
import android.webkit.WebView

/**
 * A web view with one document and its script. Robolectric gives the ports; what it has not is the document, and the
 * rule that a message reaches no document of another origin than it is addressed to.
 */
class PageOnScreen(context: Context) : WebView(context) {
    private var origin = ""
    private var port: WebMessagePort? = null
    private var count = 0

    /** What the script was told, in order. */
    val told = mutableListOf<String>()

    /** Whether the script was given a port. */
    val hasPort: Boolean get() = port != null

    /** Another document, as a `WebViewClient` sees it come; [origin] is what it really is of. */
    fun load(bridge: MsgPayWebBridge, url: String, origin: String = url.removeSuffix("/")) {
        bridge.leaving()
        this.origin = origin
        port = null
        bridge.loaded(url)
    }

    /** What the script of a document before this one still holds. */
    fun keepsPort(): (String, String?) -> Unit = port!!.let { kept -> { what, link -> kept.postMessage(WebMessage(text(what, link))) } }

    fun says(what: String, link: String? = null) = port!!.postMessage(WebMessage(text(what, link)))

    private fun text(what: String, link: String?) = """{"v":1,"id":"message-${count++}","do":"$what"${link?.let { ""","launch":"$it"""" }.orEmpty()}}"""

    override fun postWebMessage(message: WebMessage, targetOrigin: Uri) {
        if ("$targetOrigin" != origin || message.data != MsgPayWebBridge.CHANNEL) return
        port = message.ports!!.single().also {
            it.setWebMessageCallback(object : WebMessagePort.WebMessageCallback() {
                override fun onMessage(from: WebMessagePort, message: WebMessage) {
                    told += message.data!!
                }
            })
        }
    }
}
