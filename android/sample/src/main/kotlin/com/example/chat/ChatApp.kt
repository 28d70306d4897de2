package com.example.chat

import android.app.Application
import io.msgpay.android.MsgPayOwner
import io.msgpay.android.openMsgPay

/** One SDK for the whole application; the first who asks opens it, off the main thread. */
class ChatApp : Application(), MsgPayOwner {
    override val msgPay by lazy { openMsgPay(this) }
}
