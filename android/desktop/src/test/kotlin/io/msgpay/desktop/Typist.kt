package io.msgpay.desktop

import io.msgpay.Key
import io.msgpay.KeyKind
import io.msgpay.Keypad
import io.msgpay.PasswordEntry

/** A person who reads the pictures of a keypad and presses what they show. */
class Typist(private val stage: Stage, private val phone: DesktopPhone) {
    class Opened(val keypad: Keypad, val byDigit: Map<Int, Key>) {
        suspend fun press(digits: String) = digits.forEach { keypad.press(byDigit.getValue(it.digitToInt())) }
    }

    suspend fun open(entry: PasswordEntry): Opened {
        val keypad = entry.open(phone.surface, FACE_PX)
        phone.show(keypad)
        val keys = keypad.keys.filter { it.kind == KeyKind.CHARACTER }
        val faces = keys.map { keypad.face(it) }
        val digits = stage.read(faces)
        faces.forEach { it.close() }
        return Opened(keypad, digits.zip(keys).toMap())
    }

    suspend fun type(entry: PasswordEntry, digits: String) {
        val opened = open(entry)
        opened.press(digits)
        opened.keypad.confirm()
    }

    private companion object {
        const val FACE_PX = 96
    }
}
