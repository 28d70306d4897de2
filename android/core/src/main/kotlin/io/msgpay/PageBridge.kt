package io.msgpay

/**
 * A payment page of a web view, and the keypad that it never sees.
 *
 * The page begins a payment, confirms it and carries the sealed request away; it is told how many characters are typed.
 * It chooses neither amount nor payee. No web view is spoken to here.
 */
public class PageBridge internal constructor(
    private val room: Room,
    private val native: NativeBridge,
    private val transport: Transport,
) {
    private var paying: Payment? = null

    /** What the host does after a message of the page, besides handing over what [messages] gives. */
    public sealed interface Reaction {
        /** Nothing. */
        public object Nothing : Reaction

        /** Nothing: the sender is not the top-level document of a listed origin, or was left. It is told nothing. */
        public object Ignored : Reaction

        /**
         * Takes the screens of an earlier payment away and drives this one, above the page. Its keypad does not
         * confirm: the page does.
         *
         * @property payment to be driven
         */
        public class Begin internal constructor(public val payment: Payment) : Reaction

        /** The entry was wiped; the payment gives its step again. */
        public object Wiped : Reaction

        /** Goes on with what the payment says: a request that the page took along is not known yet. */
        public object End : Reaction

        /** Takes the screens away: the page that opened the entry is gone. */
        public object Left : Reaction
    }

    /**
     * One message of the web view.
     *
     * @param document counted up with every document that the web view loads
     */
    public suspend fun receive(text: String, origin: String, isTopLevel: Boolean, document: Long): Reaction {
        val sender = PageSender(origin.wellFormed(), isTopLevel, document.toULong())
        return when (val reaction = room.call { native.receive(sender, text.wellFormed()) }) {
            PageReaction.Nothing -> Reaction.Nothing
            PageReaction.Ignored -> Reaction.Ignored
            is PageReaction.Begin -> {
                val begun = room.keep { Session(room, PaymentWire(reaction.payment), transport) }
                paying = begun
                Reaction.Begin(begun)
            }
            is PageReaction.Wiped -> Reaction.Wiped.also { paying?.pageActed() }
            PageReaction.End -> Reaction.End.also { paying?.pageActed() }
            PageReaction.Left -> Reaction.Left.also { paying?.pageActed() }
        }
    }

    /**
     * What the page is to be told, the oldest first; each is given once. To be asked after every call of the bridge, of
     * its payment and of its keypad.
     */
    public suspend fun messages(): List<PageMessage> = room.call(native::messages)

    /** Takes the payment from the page and wipes what is typed: on back, when the page is left or loaded anew. */
    public suspend fun end(): Unit = room.call(native::end)
}
