package io.msgpay.desktop

import io.msgpay.VaultHost
import java.util.concurrent.ConcurrentHashMap

/** Records in this process's memory, for tests. */
public class MemoryVault : VaultHost {
    private val records = ConcurrentHashMap<String, ByteArray>()

    override fun put(name: String, record: ByteArray) {
        records[name] = record
    }

    override fun record(name: String): ByteArray? = records[name]

    override fun remove(name: String) {
        records.remove(name)
    }

    override fun names(): List<String> = records.keys.toList()
}
