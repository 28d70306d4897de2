//! Canned views, one for each screen. The numbers are made up; the faces are the core's own specimens.

use msgpay_demo::view::*;
use msgpay_sdk_core::{FaceSize, specimen};

mod trace;

/// Every screen.
pub(crate) const NAMES: [&str; 13] = [
    "activate",
    "activate-wrong",
    "new",
    "repeat",
    "set",
    "chat",
    "review",
    "pay",
    "pay-wrong",
    "working",
    "paid",
    "not-paid",
    "unresolved",
];

/// 2026-11-22 15:31:00 +08:00
const NOW_MS: u64 = 1_795_332_660_000;
const FACE_PX: u16 = 96;

fn institution() -> Text {
    Text::new("示例支付", "Example Pay")
}

fn order() -> Order {
    Order {
        amount_fen: 12_850,
        payee: "杭州青禾咖啡有限公司".into(),
        claimed: Some("青禾咖啡（示例）".into()),
        item: "拿铁礼盒 ×1".into(),
        order_tail: "0731".into(),
        expires_at_ms: NOW_MS + 1_800_000,
        funding: "示例钱包余额".into(),
    }
}

/// The view of a screen.
pub(crate) fn view(name: &str) -> View {
    let late = matches!(name, "paid" | "not-paid" | "unresolved");
    View {
        phone: Phone {
            number: "199****1234".into(),
            chats: vec![merchant(name), institution_chat()],
            sheet: sheet(name),
            banner: (name == "activate").then(|| Banner {
                from: "1069 9990 0002".into(),
                text: Text::new(
                    "【示例支付】激活码 K7QM2X9D，10 分钟内有效，请勿告诉他人。",
                    "[Example Pay] Your activation code is K7QM2X9D. It is valid for 10 minutes. Tell nobody.",
                ),
            }),
        },
        trace: trace::records(if late { 99 } else if matches!(name, "chat" | "review" | "pay") { 11 } else { 3 }),
        faults: faults(),
        run: 1,
    }
}

fn sheet(name: &str) -> Sheet {
    let problem = |what: (&str, &str), todo: (&str, &str), code: Option<&str>| {
        Some(Problem {
            what: Text::new(what.0, what.1),
            todo: Text::new(todo.0, todo.1),
            code: code.map(Into::into),
        })
    };
    let keypad = |purpose, entered, problem| {
        let pay = purpose == EntryPurpose::Pay;
        let opening = 1 + entered as u64;
        Sheet::Keypad(Keypad {
            institution: institution(),
            purpose,
            order: pay.then(order),
            opening,
            slots: slots(),
            entered,
            wanted: 6,
            ready: true,
            problem,
        })
    };
    let end = |state, at_ms, problem, can_retry| {
        Sheet::Result(Outcome {
            institution: institution(),
            state,
            order: (state != OutcomeState::PasswordSet).then(order),
            at_ms,
            problem,
            busy: false,
            can_retry,
        })
    };
    let activate = |problem| {
        Sheet::Activate(Activate {
            institution: institution(),
            length: 8,
            suggested: Some("K7QM2X9D".into()),
            busy: false,
            problem,
        })
    };
    match name {
        "activate" => activate(None),
        "activate-wrong" => activate(problem(
            ("激活码不对或已过期", "This code is wrong or has expired"),
            ("请核对短信，或重新获取激活码。", "Check the message, or ask for a new code."),
            None,
        )),
        "new" => keypad(EntryPurpose::New, 0, None),
        "repeat" => keypad(EntryPurpose::Repeat, 3, None),
        "set" => end(OutcomeState::PasswordSet, Some(NOW_MS), None, false),
        "review" => Sheet::Review(Review { institution: institution(), order: order(), problem: None }),
        "pay" => keypad(EntryPurpose::Pay, 4, None),
        "pay-wrong" => keypad(
            EntryPurpose::Pay,
            6,
            problem(
                ("密码不正确，未扣款。", "Wrong password, no money moved."),
                ("还可以再试 3 次。", "You can try 3 more times."),
                Some("5G-3001"),
            ),
        ),
        "working" => Sheet::Working(Working {
            institution: institution(),
            text: Text::new("支付机构正在处理…", "The institution is working on it…"),
            order: Some(order()),
        }),
        "paid" => end(OutcomeState::Paid, Some(NOW_MS + 67_000), None, false),
        "not-paid" => end(
            OutcomeState::NotPaid,
            Some(NOW_MS + 67_000),
            problem(
                ("余额不足，未扣款", "Not enough money, nothing was charged"),
                (
                    "订单 16:01 前有效，充值后可重新支付。",
                    "The order is valid until 16:01. Top up and pay again.",
                ),
                Some("5G-3004"),
            ),
            true,
        ),
        "unresolved" => end(OutcomeState::Unresolved, None, None, false),
        _ => Sheet::Hidden,
    }
}

/// One person's press on a canned keypad: only the count moves.
pub(crate) fn typed(view: &mut View, back: bool) {
    if let Sheet::Keypad(keypad) = &mut view.phone.sheet {
        keypad.entered =
            if back { keypad.entered.saturating_sub(1) } else { (keypad.entered + 1).min(keypad.wanted) };
    }
}

/// A fixed shuffle: which picture lies where.
const SHUFFLE: [usize; 10] = [4, 9, 1, 7, 0, 3, 8, 2, 6, 5];

fn slots() -> Vec<Slot> {
    let digits = (b'0'..=b'9').filter_map(|digit| specimen::character(digit, FaceSize::square(FACE_PX)));
    let pictures: Vec<_> = digits.collect();
    let places = (0..4u8).flat_map(|row| (0..3u8).map(move |col| (row, col)));
    let mut next = 0u8;
    let mut slots = Vec::new();
    for (row, col) in places {
        let function = match (row, col) {
            (3, 0) => SlotFunction::Delete,
            (3, 2) => SlotFunction::Confirm,
            _ => SlotFunction::Character,
        };
        let character = function == SlotFunction::Character;
        let face = character.then(|| {
            let picture = &pictures[SHUFFLE[usize::from(next)]];
            let side = u32::from(picture.width());
            Face { w: side, h: side, alpha: Blob(picture.alpha().to_vec()) }
        });
        slots.push(Slot { id: if character { next } else { 10 + col }, row, col, span: 1, function, face });
        next += u8::from(character);
    }
    slots
}

fn merchant(name: &str) -> Chat {
    let before = matches!(name, "activate" | "activate-wrong" | "new" | "repeat" | "set");
    let chip = |message: &str, index, label: &str, action, enabled| Chip {
        message: message.into(),
        index,
        label: label.into(),
        action,
        enabled,
    };
    let ended = name == "paid";
    let mut messages = vec![Message {
        id: "m1".into(),
        mine: false,
        at_ms: NOW_MS - 60_000,
        status: Status::Read,
        body: MessageBody::Card {
            title: "青禾咖啡 · 今日推荐".into(),
            description: "冬季拿铁礼盒，四款单品豆，当日烘焙，同城两小时送达。".into(),
            picture: Some(Picture::Latte),
            buttons: vec![
                chip("m1", 0, "拿铁礼盒 128.50元", ChipAction::Reply, before),
                chip("m1", 1, "看看别的", ChipAction::Reply, true),
            ],
        },
    }];
    if !before {
        messages.push(Message {
            id: "m2".into(),
            mine: true,
            at_ms: NOW_MS - 20_000,
            status: Status::Read,
            body: MessageBody::Text { text: "拿铁礼盒 128.50元".into() },
        });
        messages.push(Message {
            id: "m3".into(),
            mine: false,
            at_ms: NOW_MS - 18_000,
            status: Status::Read,
            body: MessageBody::Card {
                title: "待支付 ¥128.50".into(),
                description: "商户：青禾咖啡（示例）\n商品：拿铁礼盒 ×1\n订单尾号：0731\n请在 16:01 前付款，点按钮由内置支付 SDK 安全收银".into(),
                picture: None,
                buttons: vec![
                    chip("m3", 0, "支付128.50元", ChipAction::Pay, !ended),
                    chip("m3", 1, "取消订单", ChipAction::Reply, !ended),
                ],
            },
        });
    }
    if ended {
        messages.push(Message {
            id: "m4".into(),
            mine: false,
            at_ms: NOW_MS + 68_000,
            status: Status::Read,
            body: MessageBody::Card {
                title: "支付成功 ¥128.50".into(),
                description: "收款方：青禾咖啡（示例）\n支付时间：2026-11-22 15:32:07\n支付订单号：P20261122…0731\n商户订单号：M20261122A0007".into(),
                picture: None,
                buttons: vec![chip("m4", 0, "查看订单", ChipAction::Link, true), chip("m4", 1, "申请退款", ChipAction::Reply, true)],
            },
        });
    }
    Chat {
        id: "sip:106509990001@botplatform.rcs.example.cn".into(),
        name: "青禾咖啡".into(),
        verified: true,
        verified_by: Text::new("示例运营商", "Example Telecom"),
        messages,
        chips: ["查看菜单", "我的订单", "门店位置", "联系客服"]
            .iter()
            .enumerate()
            .map(|(index, label)| chip("m1", index + 2, label, ChipAction::Reply, true))
            .collect(),
        typing: false,
    }
}

fn institution_chat() -> Chat {
    Chat {
        id: "sip:106509990002@botplatform.rcs.example.cn".into(),
        name: "示例支付".into(),
        verified: true,
        verified_by: Text::new("示例运营商", "Example Telecom"),
        messages: vec![Message {
            id: "p1".into(),
            mine: false,
            at_ms: NOW_MS - 300_000,
            status: Status::Read,
            body: MessageBody::Text { text: "欢迎使用示例支付。".into() },
        }],
        chips: Vec::new(),
        typing: false,
    }
}

fn faults() -> Vec<Fault> {
    let fault = |name: &str, label: (&str, &str), sentence: (&str, &str), on| Fault {
        name: name.into(),
        label: Text::new(label.0, label.1),
        sentence: Text::new(sentence.0, sentence.1),
        on,
    };
    vec![
        fault(
            "lost-answer",
            ("答复丢失", "Lost answer"),
            (
                "支付机构扣了款，但答复在路上丢了。手机只能查询，不会再发一次。",
                "The institution debits, but its answer is lost. The phone asks; it never sends again.",
            ),
            true,
        ),
        fault(
            "merchant-down",
            ("商户离线", "Merchant down"),
            (
                "商户收不到支付通知；SDK 自己显示结果，商户回来后主动查询。",
                "The merchant gets no notice; the SDK shows the result and the merchant asks on its return.",
            ),
            false,
        ),
        fault(
            "late",
            ("机构迟答", "Institution late"),
            (
                "支付机构先答“处理中”，稍后才有签名收据。",
                "The institution first answers “working”; its signed receipt comes later.",
            ),
            false,
        ),
        fault(
            "wrong-password",
            ("密码输错", "Wrong password"),
            (
                "模拟用户第一次按错，看剩余次数与重试。",
                "The simulated user mistypes once: see the tries left and the retry.",
            ),
            false,
        ),
    ]
}
