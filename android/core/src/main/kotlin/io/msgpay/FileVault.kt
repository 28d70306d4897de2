package io.msgpay

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE

/**
 * Records as files of one folder. A record is on the disk when [put] returns, and is the old or the new one whenever
 * the process dies. One call after another: one that was given up, since it took too long, is still writing.
 *
 * @param folder made when it is not there; nothing else may be in it
 * @throws HostFailure when it cannot be made
 */
public class FileVault(private val folder: Path) : VaultHost {
    init {
        disk { Files.createDirectories(folder) }
    }

    @Synchronized
    override fun put(name: String, record: ByteArray): Unit = disk {
        val next = folder.resolve(NEXT)
        FileChannel.open(next, CREATE, WRITE, TRUNCATE_EXISTING).use { file ->
            val bytes = ByteBuffer.wrap(record)
            while (bytes.hasRemaining()) file.write(bytes)
            file.force(true)
        }
        Files.move(next, file(name), ATOMIC_MOVE)
        sync()
    }

    @Synchronized
    override fun record(name: String): ByteArray? = disk {
        try {
            Files.readAllBytes(file(name))
        } catch (_: NoSuchFileException) {
            null
        }
    }

    @Synchronized
    override fun remove(name: String): Unit = disk {
        Files.deleteIfExists(file(name))
        sync()
    }

    @Synchronized
    override fun names(): List<String> = disk {
        Files.list(folder).use { files ->
            files.iterator().asSequence().map { it.fileName.toString() }.filter { it.startsWith(RECORD) }.map(::name).toList()
        }
    }

    /** Names are the library's and may hold anything; file names hold hex. */
    private fun file(name: String): Path =
        folder.resolve(RECORD + name.encodeToByteArray().joinToString("") { "%02x".format(it) })

    private fun name(file: String): String =
        file.removePrefix(RECORD).chunked(2).map { it.toInt(16).toByte() }.toByteArray().decodeToString()

    /** The folder's own entry, so that a rename or a removal lasts. */
    private fun sync() = FileChannel.open(folder, READ).use { it.force(true) }

    private fun <T> disk(work: () -> T): T =
        try {
            work()
        } catch (_: IOException) {
            throw HostFailure.Failed()
        }

    private companion object {
        const val RECORD = "r-"
        const val NEXT = "next"
    }
}
