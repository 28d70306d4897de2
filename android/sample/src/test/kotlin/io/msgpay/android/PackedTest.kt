package io.msgpay.android

import android.content.ComponentName
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import com.example.chat.ChatActivity
import io.msgpay.MsgPay
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.io.File
import java.util.zip.ZipFile

/** The AAR as it is packed, and the application that an Android build makes of it. */
@RunWith(SdkRunner::class)
@Config(sdk = [35])
class PackedTest {
    private val context get() = RuntimeEnvironment.getApplication()

    @Test
    fun `the tests run the packed classes`() {
        val aar = File(System.getProperty("msgpay.aar")!!).parentFile.resolve("aar")
        val here = { name: String -> javaClass.classLoader!!.getResource(name)!!.path }
        assertTrue(here("io/msgpay/android/MsgPayActivity.class").startsWith("file:$aar/classes.jar!"))
        assertEquals("$aar/libs/msgpay-core.jar", MsgPay::class.java.protectionDomain.codeSource.location.path)
    }

    @Test
    fun `it holds what an AAR holds and nothing else`() = ZipFile(System.getProperty("msgpay.aar")).use { aar ->
        val names = aar.entries().asSequence().filter { !it.isDirectory }.map { it.name }.toList()
        assertEquals("AndroidManifest.xml", names.first())
        val allowed = Regex("""AndroidManifest\.xml|R\.txt|classes\.jar|proguard\.txt|libs/msgpay-core\.jar|res/values(-en|-night)?/[a-z]+\.xml|jni/[a-z0-9_-]+/libmsgpay\.so""")
        assertEquals(emptyList<String>(), names.filterNot(allowed::matches))
        assertTrue(names.containsAll(listOf("R.txt", "classes.jar", "proguard.txt", "libs/msgpay-core.jar")))
        assertEquals("each is dated the same", 1, aar.entries().asSequence().map { it.timeLocal }.toSet().size)
    }

    @Test
    fun `the class R is the application's, not the AAR's`() {
        val classes = File(System.getProperty("msgpay.aar")!!).parentFile.resolve("aar/classes.jar")
        ZipFile(classes).use { jar -> assertTrue(jar.entries().asSequence().none { Regex(""".*/R(\$\w+)?\.class""").matches(it.name) }) }
    }

    @Test
    fun `only the deep link is a door from outside`() {
        val manager = context.packageManager
        assertEquals("com.example.chat", context.packageName)
        assertFalse(manager.getActivityInfo(ComponentName(context, MsgPayActivity::class.java), 0).exported)
        val found = manager.queryIntentActivities(Intent(Intent.ACTION_VIEW, Uri.parse("msgpay://pay?t=a")).addCategory(Intent.CATEGORY_BROWSABLE), 0)
        assertEquals(listOf("io.msgpay.android.DeepLink"), found.map { it.activityInfo.name })
        assertTrue(manager.getActivityInfo(ComponentName(context, ChatActivity::class.java), 0).exported)
        assertTrue("no task is shared by its name", found.all { it.activityInfo.taskAffinity.isNullOrEmpty() })
        assertTrue(manager.getActivityInfo(ComponentName(context, MsgPayActivity::class.java), 0).taskAffinity.isNullOrEmpty())
    }

    @Test
    fun `permissions are those that it explains`() {
        val asked = context.packageManager.getPackageInfo(context.packageName, PackageManager.GET_PERMISSIONS).requestedPermissions.orEmpty()
        val told = listOf("INTERNET", "USE_BIOMETRIC", "HIDE_OVERLAY_WINDOWS", "DETECT_SCREEN_CAPTURE", "DETECT_SCREEN_RECORDING")
        assertEquals(told.map { "android.permission.$it" }.toSet(), asked.toSet())
    }

    @Test
    @Config(qualifiers = "fr-rFR")
    fun `every sentence is there in Chinese and in English`() {
        val texts = { locale: String ->
            RuntimeEnvironment.setQualifiers(locale)
            R.string::class.java.fields.associate { it.name to context.getString(it.getInt(null)) }
        }
        val (zh, en) = texts("zh-rCN") to texts("en-rGB")
        assertEquals(zh.keys, en.keys)
        assertTrue(zh.size > 60)
        zh.filterKeys { it.startsWith("msgpay_") }.forEach { (name, words) ->
            assertTrue(name, words.any { it in '\u4e00'..'\u9fff' })
            assertTrue(name, en.getValue(name).none { it in '\u4e00'..'\u9fff' })
        }
    }
}
