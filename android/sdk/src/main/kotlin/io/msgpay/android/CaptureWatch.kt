package io.msgpay.android

import android.app.Activity
import android.os.Build
import android.view.WindowManager
import java.util.function.Consumer

/**
 * Tells of screenshots (from Android 14) and of recordings (from 15) of an activity. Earlier the system tells nobody:
 * there the window's own secrecy, which this does not replace, is all there is.
 */
internal class CaptureWatch(private val activity: Activity, private val captured: () -> Unit) {
    private var screenshots: Activity.ScreenCaptureCallback? = null
    private var recordings: Consumer<Int>? = null

    fun start() {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) permitted {
            val told = Activity.ScreenCaptureCallback { captured() }
            activity.registerScreenCaptureCallback(activity.mainExecutor, told)
            screenshots = told
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM) permitted {
            val told = Consumer<Int>(::recording)
            recording(activity.windowManager.addScreenRecordingCallback(activity.mainExecutor, told))
            recordings = told
        }
    }

    fun stop() {
        screenshots?.let(activity::unregisterScreenCaptureCallback)
        recordings?.let(activity.windowManager::removeScreenRecordingCallback)
        screenshots = null
        recordings = null
    }

    private fun recording(state: Int) {
        if (state == WindowManager.SCREEN_RECORDING_STATE_VISIBLE) captured()
    }

    /** An application may have taken the permissions out of its manifest; it is told of nothing then. */
    private fun permitted(watch: () -> Unit) {
        try {
            watch()
        } catch (_: SecurityException) {
            return
        }
    }
}
