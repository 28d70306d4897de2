package io.msgpay.android

import io.msgpay.MsgPay
import org.junit.runners.model.FrameworkMethod
import org.robolectric.RobolectricTestRunner
import org.robolectric.internal.bytecode.InstrumentationConfiguration
import java.io.File
import java.util.zip.ZipFile

/** The library holds one table of callbacks per process: the generated classes stay in the application's loader. */
class SdkRunner(tests: Class<*>) : RobolectricTestRunner(tests) {
    override fun createClassLoaderConfig(method: FrameworkMethod): InstrumentationConfiguration {
        val config = InstrumentationConfiguration.Builder(super.createClassLoaderConfig(method))
        listOf("kotlin.", "kotlinx.", "com.sun.jna.", "io.msgpay.desktop.").forEach(config::doNotAcquirePackage)
        CORE.forEach(config::doNotAcquireClass)
        return config.build()
    }

    private companion object {
        /** The classes of the core's jar: they share their package's beginning with those of this room. */
        val CORE: List<String> =
            ZipFile(File(MsgPay::class.java.protectionDomain.codeSource.location.toURI())).use { jar ->
                jar.entries().asSequence().map { it.name }.filter { it.endsWith(".class") }
                    .map { it.removeSuffix(".class").replace('/', '.') }.toList()
            }
    }
}
