package io.msgpay

/** Marks the threads on which a capability of the host is running. */
internal object HostThread {
    private val depth = ThreadLocal.withInitial { 0 }

    /** Refuses a call of the SDK from inside a capability. */
    fun refuse() {
        if (depth.get() > 0) throw misuse(CallFault.FROM_HOST)
    }

    /** Calls a capability. Whatever it throws counts as failed, and nothing of it is read. */
    fun <T> ask(call: () -> T): T {
        depth.set(depth.get() + 1)
        try {
            return call()
        } catch (_: Throwable) {
            throw HostFailure.Failed()
        } finally {
            depth.set(depth.get() - 1)
        }
    }
}

/** The same phone; nothing that a capability throws crosses into the library. */
internal fun Phone.guarded() = Phone(GuardedKeystore(keystore), GuardedVault(vault), clock?.let(::GuardedClock))

private class GuardedKeystore(private val host: KeystoreHost) : KeystoreHost {
    override fun makeKey(name: String, suite: Suite, guard: KeyGuard) = HostThread.ask { host.makeKey(name, suite, guard) }

    override fun sign(name: String, message: ByteArray) = HostThread.ask { host.sign(name, message) }

    override fun forgetKey(name: String) = HostThread.ask { host.forgetKey(name) }
}

private class GuardedVault(private val host: VaultHost) : VaultHost {
    override fun put(name: String, record: ByteArray) = HostThread.ask { host.put(name, record) }

    override fun record(name: String) = HostThread.ask { host.record(name) }

    override fun remove(name: String) = HostThread.ask { host.remove(name) }

    override fun names() = HostThread.ask { host.names() }
}

private class GuardedClock(private val host: ClockHost) : ClockHost {
    override fun unixMs() = HostThread.ask { host.unixMs() }

    override fun bootMs() = HostThread.ask { host.bootMs() }
}
