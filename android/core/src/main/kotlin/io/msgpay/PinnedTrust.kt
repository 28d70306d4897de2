package io.msgpay

import java.security.KeyStore
import java.security.MessageDigest
import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLSocketFactory
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/** Ordinary path validation under the institution's authorities, then the server's own key must be pinned. */
internal class PinnedTrust private constructor(
    private val path: X509TrustManager,
    private val pins: List<ByteArray>,
) : X509TrustManager {
    override fun checkServerTrusted(chain: Array<out X509Certificate>?, authType: String?) {
        path.checkServerTrusted(chain, authType)
        // The SubjectPublicKeyInfo with its outer SEQUENCE: what pins are made of (RFC 7469 §2.4).
        val spki = chain?.firstOrNull()?.publicKey?.encoded ?: throw CertificateException()
        val pin = MessageDigest.getInstance("SHA-256").digest(spki)
        if (pins.none { MessageDigest.isEqual(it, pin) }) throw CertificateException()
    }

    override fun checkClientTrusted(chain: Array<out X509Certificate>?, authType: String?): Unit =
        throw CertificateException()

    override fun getAcceptedIssuers(): Array<X509Certificate> = path.acceptedIssuers

    companion object {
        /** @throws MsgPayException.Config [ConfigFault.AUTHORITY] without a usable authority */
        fun sockets(pins: Pins): SSLSocketFactory {
            val trust = PinnedTrust(path(pins.authorities), pins.spkiSha256)
            return SSLContext.getInstance("TLS").apply { init(null, arrayOf(trust), null) }.socketFactory
        }

        private fun path(authorities: List<ByteArray>): X509TrustManager {
            if (authorities.isEmpty()) throw MsgPayException.Config(ConfigFault.AUTHORITY)
            val store = KeyStore.getInstance(KeyStore.getDefaultType()).apply { load(null, null) }
            val factory = CertificateFactory.getInstance("X.509")
            authorities.forEachIndexed { at, der ->
                val authority = try {
                    factory.generateCertificate(der.inputStream())
                } catch (_: CertificateException) {
                    throw MsgPayException.Config(ConfigFault.AUTHORITY)
                }
                store.setCertificateEntry("$at", authority)
            }
            val managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
            managers.init(store)
            return managers.trustManagers.filterIsInstance<X509TrustManager>().first()
        }
    }
}
