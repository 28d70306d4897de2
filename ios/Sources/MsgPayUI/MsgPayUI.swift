import MsgPay
