package io.msgpay.android

import android.content.Context
import android.media.AudioAttributes
import android.media.AudioDeviceInfo
import android.media.AudioFormat
import android.media.AudioManager
import android.media.AudioTrack
import android.os.Build
import java.nio.ByteBuffer

/** A way to one person's ear, or none. The loudspeaker is none. */
internal class PrivateAudio(context: Context) {
    private val audio = context.getSystemService(AudioManager::class.java)

    /** Where a sound would be private now. */
    fun route(): AudioDeviceInfo? = audio?.getDevices(AudioManager.GET_DEVICES_OUTPUTS)?.firstOrNull { it.type in PRIVATE }

    /**
     * A track over [clip] (16-bit samples of 16 kHz, one channel), bound to the private route; nothing without one,
     * when the system sends it elsewhere, or does not play it. [clip] is zeros afterwards, whatever happens.
     */
    fun play(clip: ByteBuffer): AudioTrack? {
        try {
            val route = route() ?: return null
            val track = track(clip.capacity())
            if (begins(track, route, clip)) return track
            track.release()
        } catch (_: UnsupportedOperationException) {
            // The system has no track left to give.
            return null
        } finally {
            for (at in 0 until clip.capacity()) clip.put(at, 0)
        }
        return null
    }

    private fun begins(track: AudioTrack, route: AudioDeviceInfo, clip: ByteBuffer): Boolean =
        try {
            track.preferredDevice = route
            val taken = track.write(clip, clip.capacity(), AudioTrack.WRITE_BLOCKING)
            track.play()
            // Only once it plays does the system say where.
            taken == clip.capacity() && track.routedDevice.let { it == null || it.type in PRIVATE }
        } catch (_: IllegalStateException) {
            // A track that the system has not set up.
            false
        }

    private fun track(bytes: Int): AudioTrack = AudioTrack.Builder()
        .setAudioAttributes(
            AudioAttributes.Builder()
                .setUsage(AudioAttributes.USAGE_MEDIA)
                .setContentType(AudioAttributes.CONTENT_TYPE_SPEECH)
                .apply { if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) setAllowedCapturePolicy(AudioAttributes.ALLOW_CAPTURE_BY_NONE) }
                .build(),
        )
        .setAudioFormat(
            AudioFormat.Builder()
                .setEncoding(AudioFormat.ENCODING_PCM_16BIT)
                .setSampleRate(RATE)
                .setChannelMask(AudioFormat.CHANNEL_OUT_MONO)
                .build(),
        )
        .setTransferMode(AudioTrack.MODE_STATIC)
        .setBufferSizeInBytes(bytes)
        .build()

    private companion object {
        const val RATE = 16_000
        val PRIVATE = setOf(
            AudioDeviceInfo.TYPE_WIRED_HEADPHONES,
            AudioDeviceInfo.TYPE_WIRED_HEADSET,
            AudioDeviceInfo.TYPE_USB_HEADSET,
            AudioDeviceInfo.TYPE_HEARING_AID,
            AudioDeviceInfo.TYPE_BLE_HEADSET,
        )
    }
}
