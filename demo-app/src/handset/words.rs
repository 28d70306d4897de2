//! What the phone says when something did not work: what happened, whether money moved, what to do now.

use msgpay_sdk_core::{Reason, Todo, Why};

use crate::view::{Problem, Text};

/// Words for the reason of an unpaid end.
pub(super) fn problem(reason: &Reason) -> Problem {
    let (zh, en) = what(&reason.why);
    let (todo_zh, todo_en) = todo(reason);
    Problem { what: Text::new(zh, en), todo: Text::new(todo_zh, todo_en), code: code(&reason.why) }
}

fn what(why: &Why) -> (String, String) {
    let (zh, en) = match why {
        Why::LinkNotGenuine => ("支付链接无法验证，未扣款", "The link is not genuine; nothing was charged"),
        Why::LinkExpired => ("支付链接已过期，未扣款", "The link has expired; nothing was charged"),
        Why::OtherWallet => {
            ("这笔订单属于另一个钱包，未扣款", "This order is another wallet's; nothing was charged")
        }
        Why::NotActivated => ("本机尚未激活，未扣款", "This phone is not activated; nothing was charged"),
        Why::NoConnection => {
            ("无法连接支付机构，未扣款", "The institution cannot be reached; nothing was charged")
        }
        Why::AnswerNotGenuine => ("应答无法验证，未扣款", "The answer is not genuine; nothing was charged"),
        Why::OlderRules => (
            "支付机构的规则刚刚更新，未扣款",
            "The institution's rules have just changed; nothing was charged",
        ),
        Why::NotAllowed => {
            ("支付机构不允许这种方式，未扣款", "The institution does not allow this; nothing was charged")
        }
        Why::Suite => (
            "密码套件与支付机构的策略不符，未扣款",
            "Another suite of algorithms than is allowed; nothing was charged",
        ),
        Why::TookTooLong => ("停留过久已退出，未扣款", "Too much time passed; nothing was charged"),
        Why::WrongPassword => ("支付密码不正确，未扣款", "Wrong password; nothing was charged"),
        Why::Locked => ("密码多次错误已锁定，未扣款", "Locked after wrong passwords; nothing was charged"),
        Why::AlreadyPaid => {
            ("订单此前已支付，未重复扣款", "The order is paid already; nothing was charged again")
        }
        Why::OrderClosed => ("订单已关闭，未扣款", "The order is closed; nothing was charged"),
        Why::InProgress => ("订单正在支付中", "The order is being paid"),
        Why::Voided => ("上一次请求已作废，未扣款", "The last request was voided; nothing was charged"),
        Why::WeakPassword => ("密码过于简单，未设置", "The password is too easy to guess; it was not set"),
        Why::PasswordsDiffer => {
            ("两次输入不一致，未设置", "The two entries differ; the password was not set")
        }
        Why::PasswordState => (
            "支付密码尚未设置或已设置，未扣款",
            "No password is set, or one is set already; nothing was charged",
        ),
        Why::BiometricLost => (
            "手机已更换指纹或面容，请重新启用，未扣款",
            "The phone has another finger or face; enrol again; nothing was charged",
        ),
        Why::Biometric => ("生物识别未通过，未扣款", "The biometric was not taken; nothing was charged"),
        Why::ActivationCode => ("激活码无效", "The activation code is not valid"),
        Why::Refused(code) => refused(code),
        // A later version of the SDK may know more.
        _ => ("未能付款", "Not paid"),
    };
    (zh.to_owned(), en.to_owned())
}

fn refused(code: &str) -> (&'static str, &'static str) {
    match code {
        "5G-3004" => ("余额不足，未扣款", "Not enough money; nothing was charged"),
        "5G-3005" => ("超出限额，未扣款", "Over the limit; nothing was charged"),
        _ => ("支付机构拒绝了请求，未扣款", "The institution refused; nothing was charged"),
    }
}

fn todo(reason: &Reason) -> (String, String) {
    if let (Why::WrongPassword, Some(left)) = (&reason.why, reason.tries_left) {
        return (format!("还可尝试 {left} 次"), format!("{left} tries left"));
    }
    let (zh, en) = match reason.todo {
        Todo::TryAgain => ("请再试一次", "Try again"),
        Todo::OtherWay => ("请换一种方式付款", "Use another way to pay"),
        Todo::AskInstitution => ("请联系支付机构", "Ask the institution"),
        Todo::Nothing => ("无需再操作", "Nothing left to do"),
    };
    (zh.to_owned(), en.to_owned())
}

fn code(why: &Why) -> Option<String> {
    let code = match why {
        Why::Suite => "5G-1006",
        Why::WrongPassword => "5G-3001",
        Why::Locked => "5G-3002",
        Why::AlreadyPaid => "5G-2002",
        Why::OrderClosed => "5G-2003",
        Why::InProgress => "5G-2004",
        Why::WeakPassword => "5G-3008",
        Why::PasswordsDiffer => "5G-3009",
        Why::PasswordState => "5G-3010",
        Why::ActivationCode => "5G-3011",
        Why::Biometric => "5G-3015",
        Why::Refused(code) if !code.is_empty() => code,
        _ => return None,
    };
    Some(code.to_owned())
}

/// Words for a state that is not known.
pub(super) fn unresolved() -> Problem {
    Problem {
        what: Text::new("结果确认中，请勿重复付款", "The result is not known yet; do not pay again"),
        todo: Text::new("稍后查询结果", "Ask for the result"),
        code: None,
    }
}

/// Words for a failure of the phone itself.
pub(super) fn phone_failed() -> Problem {
    Problem {
        what: Text::new(
            "手机存储或密钥不可用，未扣款",
            "The phone's storage or key failed; nothing was charged",
        ),
        todo: Text::new("请再试一次", "Try again"),
        code: None,
    }
}
