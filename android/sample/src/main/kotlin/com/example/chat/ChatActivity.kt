package com.example.chat

import android.app.Activity
import android.os.Bundle
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import io.msgpay.MsgPayFutures
import io.msgpay.Outcome
import io.msgpay.android.MsgPayOwner
import io.msgpay.android.payInSheet

/** A conversation with one card in it. A real one gets the card's link from a message. */
class ChatActivity : Activity() {
    private lateinit var talk: LinearLayout

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        talk = LinearLayout(this).apply { orientation = LinearLayout.VERTICAL }
        setContentView(talk)
        intent.dataString?.let(::card)
        askAboutOpenPayments()
    }

    /** What a message with a payment card brings. */
    fun card(link: String) {
        say("青禾咖啡")
        talk.addView(Button(this).apply { text = "去支付"; setOnClickListener { pay(link) } })
    }

    private fun pay(link: String) {
        sdk().thenCompose { payInSheet(it, this, link) }.whenComplete { outcome, fault ->
            runOnUiThread { say(if (fault != null) "暂时无法支付" else words(outcome)) }
        }
    }

    /** A payment whose answer was lost, perhaps with the process: the institution knows. */
    private fun askAboutOpenPayments() {
        sdk().thenCompose { MsgPayFutures.of(it, mainExecutor()).unresolved() }.thenAccept { open ->
            runOnUiThread { open.forEach { say("订单 ${it.payOrderNo} 结果确认中") } }
        }
    }

    private fun words(outcome: Outcome): String = when (outcome) {
        is Outcome.Paid -> "已支付"
        is Outcome.NotPaid -> "未支付"
        is Outcome.Cancelled -> "已取消"
        is Outcome.Unresolved -> "结果确认中，请勿重复付款"
    }

    private fun sdk() = (application as MsgPayOwner).msgPay

    private fun mainExecutor() = java.util.concurrent.Executor { runOnUiThread(it) }

    private fun say(words: String) = talk.addView(TextView(this).apply { text = words })
}
