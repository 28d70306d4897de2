package io.msgpay

/**
 * The institutions that the application trusts, as the institution's file says it. It is read and checked by
 * [MsgPay.open].
 *
 * @property text the file, JSON
 * @property files the bytes of each file that it names (`ca_cert`), by that name
 */
public class MsgPayConfig(public val text: String, public val files: Map<String, ByteArray> = emptyMap()) {
    internal fun read(): NativeConfig = NativeConfig.read(text.wellFormed(), files.mapKeys { it.key.wellFormed() })
}

/**
 * The library is not on this machine, or is another one than these classes were made for: mend the packaging. What the
 * loader said is not passed on.
 */
public class LibraryMissingException internal constructor() : RuntimeException("the library msgpay could not be loaded")
