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
    private lateinit var talk: TextView
    private lateinit var pay: Button

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        talk = TextView(this)
        pay = Button(this).apply { text = "去支付" }
        setContentView(LinearLayout(this).apply { orientation = LinearLayout.VERTICAL; addView(talk); addView(pay) })
        intent.dataString?.let(::card)
        if (saved == null) askAboutOpenPayments()
    }

    override fun onStart() {
        super.onStart()
        Conversation.shown = { talk.text = it.joinToString("\n") }
    }

    override fun onStop() {
        Conversation.shown = {}
        super.onStop()
    }

    /** What a message with a payment card brings. */
    private fun card(link: String) = pay.setOnClickListener {
        // One sheet for a card; the next when it is gone.
        pay.isEnabled = false
        sdk().thenCompose { payInSheet(it, this, link) }.whenComplete { outcome, fault ->
            runOnUiThread {
                pay.isEnabled = true
                Conversation.say(if (fault != null) "暂时无法支付" else words(outcome))
            }
        }
    }

    /** A payment whose answer was lost, perhaps with the process: the institution knows. */
    private fun askAboutOpenPayments() {
        sdk().thenCompose { MsgPayFutures.of(it, mainExecutor()).unresolved() }.whenComplete { open, fault ->
            runOnUiThread {
                if (fault != null) Conversation.say("暂时无法查询未完成的支付")
                open?.forEach { Conversation.say("订单 ${it.payOrderNo} 结果确认中") }
            }
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
}
