@file:JvmName("MsgPayAndroid")

package io.msgpay.android

import android.app.Activity
import android.content.Context
import android.content.Intent
import io.msgpay.EnrolmentOutcome
import io.msgpay.FileVault
import io.msgpay.HttpsTransport
import io.msgpay.MsgPay
import io.msgpay.MsgPayConfig
import io.msgpay.Outcome
import io.msgpay.PasswordOutcome
import io.msgpay.Phone
import io.msgpay.TransportMaker
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.future.future
import kotlinx.coroutines.withContext
import java.io.IOException
import java.util.concurrent.CompletableFuture

/**
 * An application that keeps one [MsgPay] for all its parts. The sheet asks it when there is nobody else to ask: opened
 * by a link from outside, or after the process has died.
 *
 * ```
 * class ChatApp : Application(), MsgPayOwner {
 *     override val msgPay by lazy { openMsgPay(this) }
 * }
 * ```
 */
public interface MsgPayOwner {
    /** Opened once, at the first use. */
    public val msgPay: CompletableFuture<MsgPay>
}

/**
 * What this phone gives to the SDK: its key store, and sealed files that enter no backup.
 *
 * @param folder name of the files' folder; another one for each further [MsgPay], as for a second SIM's wallet
 */
@JvmOverloads
public fun androidPhone(context: Context, folder: String = FOLDER): Phone {
    val files = FileVault(context.noBackupFilesDir.toPath().resolve(folder))
    return Phone(AndroidKeystore(context.applicationContext), SealedVault(files), null)
}

/** As [MsgPay.open], with this phone's capabilities. One at a time: close it before another one is opened. */
public suspend fun MsgPay.Companion.open(
    context: Context,
    config: MsgPayConfig,
    transport: TransportMaker = HttpsTransport,
): MsgPay = open(config, withContext(Dispatchers.IO) { androidPhone(context) }, transport)

/** As [MsgPay.open], with the configuration of the assets' folder [assets]. */
public suspend fun MsgPay.Companion.open(context: Context, assets: String = ASSETS): MsgPay =
    open(context, withContext(Dispatchers.IO) { configFromAssets(context, assets) })

/** [MsgPay.open] as a future, for a [MsgPayOwner] and for Java. */
@JvmOverloads
public fun openMsgPay(context: Context, assets: String = ASSETS): CompletableFuture<MsgPay> =
    mainScope().future { MsgPay.open(context, assets) }

/**
 * The configuration `msgpay.json` in a folder of the assets, with the files that lie beside it.
 *
 * @throws IOException when there is no such file
 */
@JvmOverloads
@Throws(IOException::class)
public fun configFromAssets(context: Context, folder: String = ASSETS): MsgPayConfig {
    val bytes = { name: String -> context.assets.open("$folder/$name").use { it.readBytes() } }
    val beside = context.assets.list(folder).orEmpty().filter { it != CONFIG }
    return MsgPayConfig(bytes(CONFIG).decodeToString(), beside.associateWith(bytes))
}

/**
 * Pays by a card's `msgpay://` link in a sheet over [activity]: review, keypad or biometric, result. Gives the outcome
 * when the sheet is gone. Call it from a scope that outlives a turned phone; when that is cancelled, the payment is
 * turned back.
 */
public suspend fun MsgPay.pay(activity: Activity, link: String): Outcome =
    Errand(Purpose.PAY) { launch(link) }.shownOver(activity)

/** Sets the wallet's password in a sheet over [activity]: it is typed twice. */
public suspend fun MsgPay.setPassword(activity: Activity, institution: String): PasswordOutcome =
    Errand(Purpose.SET_PASSWORD) { setPassword(institution) }.shownOver(activity)

/** Enrols a key that this phone's biometrics release, in a sheet over [activity]. From Android 9. */
public suspend fun MsgPay.enrolBiometric(activity: Activity, institution: String): EnrolmentOutcome =
    Errand(Purpose.ENROL_BIOMETRIC) { enrolBiometric(institution) }.shownOver(activity)

/** Asks about an open payment in a sheet over [activity]. */
public suspend fun MsgPay.resolve(activity: Activity, institution: String, payOrderNo: String): Outcome =
    Errand(Purpose.ASK) { resolve(institution, payOrderNo) }.shownOver(activity)

/** [MsgPay.pay] for Java. Cancelling the future turns the payment back. */
public fun payInSheet(msgpay: MsgPay, activity: Activity, link: String): CompletableFuture<Outcome> =
    mainScope().future { msgpay.pay(activity, link) }

/** [MsgPay.setPassword] for Java. */
public fun setPasswordInSheet(msgpay: MsgPay, activity: Activity, institution: String): CompletableFuture<PasswordOutcome> =
    mainScope().future { msgpay.setPassword(activity, institution) }

/** [MsgPay.enrolBiometric] for Java. */
public fun enrolBiometricInSheet(msgpay: MsgPay, activity: Activity, institution: String): CompletableFuture<EnrolmentOutcome> =
    mainScope().future { msgpay.enrolBiometric(activity, institution) }

/** [MsgPay.resolve] for Java. */
public fun resolveInSheet(msgpay: MsgPay, activity: Activity, institution: String, payOrderNo: String): CompletableFuture<Outcome> =
    mainScope().future { msgpay.resolve(activity, institution, payOrderNo) }

internal suspend fun <O : Any> Errand<O>.shownOver(activity: Activity): O = withContext(mainDispatcher) {
    val word = Handover.give(this@shownOver)
    try {
        activity.startActivity(Intent(activity, MsgPayActivity::class.java).putExtra(MsgPayActivity.WORD, word))
        start()
        outcome()
    } catch (cancelled: CancellationException) {
        end()
        throw cancelled
    } finally {
        Handover.forget(word)
    }
}

/** Where the configuration lies in an application, unless it says otherwise. */
private const val ASSETS = "msgpay"
private const val FOLDER = "msgpay"
private const val CONFIG = "msgpay.json"
