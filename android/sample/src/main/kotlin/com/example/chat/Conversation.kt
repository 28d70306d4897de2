package com.example.chat

/** What was said, and whoever shows it now: a turned phone makes another screen of the same conversation. */
object Conversation {
    private val said = mutableListOf<String>()

    /** Is told all of it, at once and with each further sentence. */
    var shown: (List<String>) -> Unit = {}
        set(value) {
            field = value
            value(said)
        }

    fun say(words: String) {
        said += words
        shown(said)
    }
}
