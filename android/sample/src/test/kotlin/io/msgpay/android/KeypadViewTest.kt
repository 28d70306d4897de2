package io.msgpay.android

import android.app.Activity
import android.app.Dialog
import android.os.Looper
import android.view.Window
import android.view.WindowManager
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** The keypad's view on screens of an application's own. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class)
class KeypadViewTest {
    private val Window.isSecure get() = attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0

    @Test
    fun `the window that it lies in is secure, a dialog's too`() {
        val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
        val dialog = Dialog(activity).apply { setContentView(MsgPayKeypadView(activity)) }
        dialog.show()
        shadowOf(Looper.getMainLooper()).idle()
        assertTrue(dialog.window!!.isSecure)
        assertFalse("the window under it shows nothing", activity.window.isSecure)
        activity.setContentView(MsgPayKeypadView(activity))
        shadowOf(Looper.getMainLooper()).idle()
        assertTrue(activity.window.isSecure)
    }
}
