package io.msgpay.desktop

import io.msgpay.FileVault
import io.msgpay.HostFailure
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.util.concurrent.Callable
import java.util.concurrent.Executors

/** Records on the disk. */
class FileVaultTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `records that are written at once do not become each other's`() {
        val vault = FileVault(folder.root.toPath())
        val writers = Executors.newFixedThreadPool(4)
        val written = writers.invokeAll((1..4).map { writer -> Callable { repeat(100) { vault.put("record $writer", ByteArray(writer * 1000)) } } })
        written.forEach { it.get() }
        writers.shutdown()
        assertEquals((1..4).map { it * 1000 }, (1..4).map { vault.record("record $it")?.size })
        assertEquals(4, vault.names().size)
    }

    @Test
    fun `a folder that cannot be made is a failed host`() {
        val file = folder.newFile().toPath()
        assertThrows(HostFailure::class.java) { FileVault(file.resolve("records")) }
    }
}
