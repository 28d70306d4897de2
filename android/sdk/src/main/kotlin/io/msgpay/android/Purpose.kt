package io.msgpay.android

/**
 * What a sheet is for: what it says of an end, and what it offers then.
 *
 * @property pays whether money may move
 * @property again whether the same can be begun anew
 */
internal enum class Purpose(val pays: Boolean, val again: Boolean) {
    PAY(pays = true, again = true),

    /** A page began it, confirms it, and begins another. */
    PAY_ABOVE_PAGE(pays = true, again = false),

    /** An earlier payment whose end is not known. */
    ASK(pays = true, again = false),
    SET_PASSWORD(pays = false, again = true),
    ENROL_BIOMETRIC(pays = false, again = true),
}
