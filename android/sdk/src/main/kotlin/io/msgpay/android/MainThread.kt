package io.msgpay.android

import android.app.Activity
import android.content.Context
import android.content.ContextWrapper
import android.os.Handler
import android.os.Looper
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import java.util.concurrent.Executor

internal val mainHandler: Handler = Handler(Looper.getMainLooper())

/** The main thread for coroutines, whether or not the application brings a dispatcher for it. */
internal val mainDispatcher: CoroutineDispatcher = Executor { mainHandler.post(it) }.asCoroutineDispatcher()

/** A scope of the main thread's own. Whoever makes it cancels it. */
internal fun mainScope() = CoroutineScope(SupervisorJob() + mainDispatcher)

/** The activity that a view lives in. */
internal fun Context.activity(): Activity? {
    var here: Context? = this
    while (here is ContextWrapper && here !is Activity) here = here.baseContext
    return here as? Activity
}
