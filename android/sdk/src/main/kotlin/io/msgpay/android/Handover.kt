package io.msgpay.android

import java.util.UUID

/**
 * What a sheet in this process does, by the word that its intent carries: an intent can carry no object. It is found
 * again when the system destroys the activity and keeps the process.
 */
internal object Handover {
    private val errands = HashMap<String, Errand<*>>()

    /** Gives the word. */
    @Synchronized
    fun give(errand: Errand<*>): String = UUID.randomUUID().toString().also { errands[it] = errand }

    /** Nothing when the process is another one. */
    @Synchronized
    fun find(word: String): Errand<*>? = errands[word]

    @Synchronized
    fun forget(word: String) {
        errands.remove(word)
    }
}
