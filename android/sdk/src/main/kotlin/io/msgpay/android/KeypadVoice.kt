package io.msgpay.android

import android.content.Context
import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.media.AudioTrack
import android.os.Handler
import android.view.accessibility.AccessibilityManager
import io.msgpay.Key
import io.msgpay.Keypad
import io.msgpay.Language
import java.nio.ByteBuffer

/** Lets a keypad be heard: the library's clips, on a private route, one at a time. */
internal class KeypadVoice(private val context: Context, private val main: Handler) {
    private val audio = PrivateAudio(context)
    private var track: AudioTrack? = null
    private var watch: AudioDeviceCallback? = null

    /** Whether somebody explores this phone by touch. */
    val wanted: Boolean get() = context.getSystemService(AccessibilityManager::class.java)?.isTouchExplorationEnabled == true

    /** Whether a sound would go to one person's ear now. */
    val isPrivate: Boolean get() = audio.route() != null

    val language: Language
        get() = if (context.resources.configuration.locales[0].language == "zh") Language.CHINESE else Language.ENGLISH

    /** Says [key]; says false when there is no private route. Nothing of the sound is kept. */
    fun say(keypad: Keypad, key: Key): Boolean {
        if (key.samples == 0) return true
        val clip = ByteBuffer.allocateDirect(key.samples * BYTES)
        keypad.sound(key, clip)
        hush()
        track = audio.play(clip)
        return track != null
    }

    /** Ends a sound and frees its samples. */
    fun hush() {
        track?.release()
        track = null
    }

    /** Calls [changed] on the main thread whenever a device comes or goes. */
    fun watch(changed: () -> Unit) {
        unwatch()
        val told = object : AudioDeviceCallback() {
            override fun onAudioDevicesAdded(added: Array<out AudioDeviceInfo>?) = changed()

            override fun onAudioDevicesRemoved(removed: Array<out AudioDeviceInfo>?) = changed()
        }
        context.getSystemService(AudioManager::class.java)?.registerAudioDeviceCallback(told, main)
        watch = told
    }

    fun unwatch() {
        watch?.let { context.getSystemService(AudioManager::class.java)?.unregisterAudioDeviceCallback(it) }
        watch = null
    }

    private companion object {
        const val BYTES = 2
    }
}
