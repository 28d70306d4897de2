package io.msgpay.android

import android.media.AudioDeviceInfo
import android.media.AudioTrack
import android.os.Bundle
import android.view.InputDevice
import android.view.MotionEvent
import android.view.View
import android.view.accessibility.AccessibilityManager
import android.view.accessibility.AccessibilityNodeInfo
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadows.AudioDeviceInfoBuilder
import org.robolectric.shadows.ShadowAudioTrack

/** What an accessibility service sees of a keypad, and how somebody pays who doesn't. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class, qualifiers = "zh-rCN-w390dp-h844dp-mdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class AccessibilityTest {
    @get:Rule
    val house = House()

    private val accessibility get() = shadowOf(house.chat.getSystemService(AccessibilityManager::class.java))
    private val audio get() = shadowOf(house.chat.getSystemService(android.media.AudioManager::class.java))

    @Test
    fun `nodes carry no digit and press what lies there`() {
        house.setPassword()
        val (_, sheet) = house.begin { pay(house.chat, house.stage.order(100).link) }
        sheet.press("支付 ¥")
        val cells = sheet.read()
        val nodes = sheet.nodes()
        assertEquals(12, nodes.size)
        for (node in nodes) {
            val said = listOf(node.contentDescription, node.text, node.viewIdResourceName, node.tooltipText, node.hintText, node.stateDescription)
            assertTrue("$said", said.filterNotNull().none { words -> words.any(Char::isDigit) })
            assertTrue("$node", node.isClickable && node.isEnabled && node.inputType == 0)
        }
        assertEquals("the keys that type are all called the same", 1, nodes.filterIndexed { at, _ -> at in cells.values }.map { "${it.contentDescription}" }.toSet().size)
        val provider = sheet.keypad!!.accessibilityNodeProvider
        House.PASSWORD.forEach { assertTrue(provider.performAction(cells.getValue(it.digitToInt()), AccessibilityNodeInfo.ACTION_CLICK, null)) }
        sheet.waitForEntered(6)
        provider.performAction(SheetOnScreen.CONFIRM, AccessibilityNodeInfo.ACTION_CLICK, Bundle())
        sheet.waitFor("支付成功")
    }

    @Test
    fun `a finger that explores finds each key`() {
        val sheet = listening()
        val hover = MotionEvent.obtain(0, 0, MotionEvent.ACTION_HOVER_ENTER, 40f, 40f, 0)
        hover.source = InputDevice.SOURCE_TOUCHSCREEN
        assertTrue(sheet.keypad!!.dispatchGenericMotionEvent(hover))
        assertTrue(sheet.keypad!!.accessibilityNodeProvider.performAction(0, AccessibilityNodeInfo.ACTION_ACCESSIBILITY_FOCUS, null))
        assertTrue(sheet.nodes()[0].isAccessibilityFocused)
    }

    @Test
    fun `a sound ends with the press`() {
        val played = mutableListOf<AudioTrack>()
        val heard = ShadowAudioTrack.OnAudioDataWrittenListener { track, _, _ -> played += track }
        ShadowAudioTrack.addAudioDataListener(heard)
        val sheet = listening()
        val provider = sheet.keypad!!.accessibilityNodeProvider
        provider.performAction(0, AccessibilityNodeInfo.ACTION_ACCESSIBILITY_FOCUS, null)
        assertEquals(AudioTrack.STATE_INITIALIZED, played.single().state)
        provider.performAction(0, AccessibilityNodeInfo.ACTION_CLICK, null)
        assertEquals("nothing of it is left", AudioTrack.STATE_UNINITIALIZED, played.single().state)
        sheet.waitForEntered(1)
        ShadowAudioTrack.removeAudioDataListener(heard)
    }

    @Test
    fun `a sound that does not play leaves the keypad as it is`() {
        val sheet = listening()
        val provider = sheet.keypad!!.accessibilityNodeProvider
        ShadowAudioTrack.enableIllegalStateOnPlay(true)
        provider.performAction(0, AccessibilityNodeInfo.ACTION_ACCESSIBILITY_FOCUS, null)
        ShadowAudioTrack.enableIllegalStateOnPlay(false)
        provider.performAction(0, AccessibilityNodeInfo.ACTION_CLICK, null)
        sheet.waitForEntered(1)
    }

    /** A keypad that is listened to, by headphones. */
    private fun listening(): SheetOnScreen {
        house.setPassword()
        exploreByTouch()
        headphones(true)
        val (_, sheet) = house.begin { pay(house.chat, house.stage.order(100).link) }
        sheet.press("支付 ¥")
        House.wait("keys") { sheet.nodes().size == 12 }
        return sheet
    }

    @Test
    fun `without headphones nothing speaks, and the person is asked`() {
        house.setPassword()
        exploreByTouch()
        val (_, sheet) = house.begin { pay(house.chat, house.stage.order(100).link) }
        sheet.press("支付 ¥")
        sheet.waitFor("请先戴上耳机")
        assertFalse("no keypad is open", sheet.isDrawn)
        sheet.press("不用语音")
        sheet.type(House.PASSWORD)
        sheet.waitFor("支付成功")
    }

    @Test
    fun `headphones that are pulled out end an entry that is listened to`() {
        house.setPassword()
        exploreByTouch()
        headphones(true)
        val (_, sheet) = house.begin { pay(house.chat, house.stage.order(100).link) }
        sheet.press("支付 ¥")
        House.wait("keys") { sheet.nodes().size == 12 }
        headphones(false)
        sheet.waitFor("请先戴上耳机")
    }

    private fun SheetOnScreen.nodes(): List<AccessibilityNodeInfo> {
        val provider = keypad?.accessibilityNodeProvider ?: return emptyList()
        val host = provider.createAccessibilityNodeInfo(View.NO_ID)
        assertNotNull(host)
        return (0 until host!!.childCount).map { provider.createAccessibilityNodeInfo(it)!! }
    }

    private val headset = AudioDeviceInfoBuilder.newBuilder().setType(AudioDeviceInfo.TYPE_WIRED_HEADSET).build()

    private fun headphones(on: Boolean) = if (on) audio.addOutputDevice(headset, true) else audio.removeOutputDevice(headset, true)

    private fun exploreByTouch() {
        accessibility.setEnabled(true)
        accessibility.setTouchExplorationEnabled(true)
    }
}
