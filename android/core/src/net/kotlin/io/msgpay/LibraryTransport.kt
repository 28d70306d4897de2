package io.msgpay

/**
 * HTTPS by the library itself; it has the bounds of [HttpsTransport] and needs nothing of the platform. Only in a
 * library that is built with its own transport.
 */
public class LibraryTransport private constructor(private val native: NativeTransport) : Transport {
    override suspend fun send(request: Request): Answer? = native.send(request)

    /** Makes it of a configuration. */
    public companion object : TransportMaker {
        override fun make(config: NativeConfig): Transport = LibraryTransport(NativeTransport.open(config))
    }
}
