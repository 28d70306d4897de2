package io.msgpay

import java.io.Closeable

/**
 * The payment SDK of one application. Opens sessions; keep one for a vault at a time, and close it when the
 * application no longer pays.
 *
 * Every function may be called from any thread, the main thread too: the work is done on a thread of the SDK's own.
 */
public class MsgPay private constructor(
    private val room: Room,
    private val native: NativeMsgPay,
    private val config: NativeConfig,
    private val transport: Transport,
) : Closeable {
    /** The ids of the institutions that are configured. */
    public suspend fun institutions(): List<String> = room.call { config.institutions() }

    /**
     * Pays by a card's `msgpay://` link. A link that is not genuine is not an error but the session's outcome.
     *
     * @throws MsgPayException.Host when the vault fails
     */
    public suspend fun launch(link: String): Payment = session { PaymentWire(native.launch(link.wellFormed())) }

    /**
     * Asks an institution about a request that got no answer, also after the process died.
     *
     * @throws MsgPayException.Call [CallFault.NOTHING_OPEN] when no request of that order is open
     */
    public suspend fun resolve(institution: String, payOrderNo: String): Payment =
        session { PaymentWire(native.resolve(institution.wellFormed(), payOrderNo.wellFormed())) }

    /** The orders whose last request has no verified receipt yet. Ask it at each start of the application. */
    public suspend fun unresolved(): List<OpenPayment> = room.call { native.unresolved() }

    /** Activates this handset at [institution] by the [code] that it gave to its customer. */
    public suspend fun activate(institution: String, code: String): Activation =
        room.call { Activation(room, native.activate(institution.wellFormed(), code.wellFormed()), transport) }

    /** Sets the wallet's password: it is typed twice. */
    public suspend fun setPassword(institution: String): PasswordSetup =
        session { PasswordWire(native.setPassword(institution.wellFormed())) }

    /** Enrols a key that this phone's biometrics release, by the password. */
    public suspend fun enrolBiometric(institution: String): BiometricEnrolment =
        session { EnrolmentWire(native.enrolBiometric(institution.wellFormed())) }

    /** Forgets the biometric key of [institution] on this handset. */
    public suspend fun forgetBiometric(institution: String): Unit =
        room.call { native.forgetBiometric(institution.wellFormed()) }

    /** Who this handset is at [institution]; nothing before activation. */
    public suspend fun membership(institution: String): Membership? =
        room.call { native.membership(institution.wellFormed()) }

    /**
     * A bridge for one web view, for pages of these [origins]: `https://shop.example`, exact, without wildcards.
     *
     * @throws MsgPayException.Call [CallFault.NOT_AN_ORIGIN] for another form
     */
    public suspend fun bridge(origins: List<String>): PageBridge =
        room.call { PageBridge(room, native.bridge(origins.map(String::wellFormed)), transport) }

    /**
     * Ends everything: open keypads are wiped, sessions are cancelled, requests on their way count as unanswered.
     * Closing twice is fine; any other call afterwards is [CallFault.CLOSED].
     */
    override fun close() {
        room.close {
            native.close()
            config.close()
        }
    }

    private suspend fun <R : Any, O : Any> session(wire: () -> Wire<R, O>): Session<R, O> =
        room.keep { Session(room, wire(), transport) }

    public companion object {
        /**
         * Loads the library, reads the configuration and takes the capabilities of the phone.
         *
         * @param transport who carries the requests; [HttpsTransport] unless said otherwise
         * @throws MsgPayException.Config for a configuration that cannot be used
         * @throws LibraryMissingException when the library cannot be loaded
         */
        public suspend fun open(
            config: MsgPayConfig,
            phone: Phone,
            transport: TransportMaker = HttpsTransport,
        ): MsgPay {
            val room = Room()
            var opened = false
            try {
                return room.call { made(room, config, phone, transport) }.also { opened = true }
            } finally {
                if (!opened) room.close {}
            }
        }

        private fun made(room: Room, config: MsgPayConfig, phone: Phone, transport: TransportMaker): MsgPay {
            val read = loaded(config::read)
            return MsgPay(room, NativeMsgPay.open(read, phone.guarded()), read, transport.make(read))
        }

        /** The first call into the library, which loads it. */
        private fun <T> loaded(first: () -> T): T =
            try {
                first()
            } catch (_: LinkageError) {
                throw LibraryMissingException()
            }
    }
}
