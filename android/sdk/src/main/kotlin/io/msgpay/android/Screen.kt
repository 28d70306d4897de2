package io.msgpay.android

import io.msgpay.MsgPayException
import io.msgpay.Step

/** What a sheet shows. */
internal sealed interface Screen {
    /** Nothing is known yet. */
    object Opening : Screen

    class Review(val step: Step.Review<*>) : Screen

    /** @property wiped why what was typed before is gone, if something was */
    class Enter(val step: Step.EnterPassword, val wiped: MsgPayException?) : Screen

    class Biometric(val step: Step.ConfirmBiometric) : Screen

    /**
     * Something is on its way to the institution.
     *
     * @property mayLeave whether the institution has it: how long it takes then, nobody knows
     */
    class Working(val mayLeave: Boolean) : Screen

    class Unresolved(val step: Step.Unresolved) : Screen

    /** @property outcome of the session's own type */
    class Ended(val outcome: Any) : Screen

    /**
     * The phone itself failed, or the program.
     *
     * @property why what was thrown
     * @property sent whether something that could pay may have been sent before
     */
    class Failed(val why: Exception, val sent: Boolean) : Screen

    /** The sheet goes. */
    object Over : Screen
}
