//! What can go wrong in a scenario. One table serves the command line, the page's switches and the tests.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::watch;

use crate::view::{self, Text};

/// A fault: something outside the payer's power that goes wrong in the middle of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// The platform's answer to the payment is lost on its way to the handset.
    LostAnswer,
    /// The payment request is lost on its way to the platform.
    LostRequest,
    /// The merchant is down when the result comes, and comes back later.
    MerchantDown,
    /// The bank debits, but answers after the platform's deadline.
    InstitutionLate,
    /// The bank declines.
    InstitutionDeclines,
    /// The bank is asked twice and answers twice.
    InstitutionTwice,
    /// The first password is wrong.
    WrongPassword,
    /// Five passwords in a row are wrong.
    Locked,
    /// The platform is killed after it has settled and before it has answered.
    PlatformKilled,
    /// The platform is killed after the bank has debited and before it has settled.
    PlatformKilledEarlier,
    /// The user orders the same unpaid goods again and pays then; and asks once more after paying.
    OrderedAgain,
    /// The user turns back at the keypad and pays later from the same card.
    TurnedBack,
    /// The handset's app is killed while the payment is under way, and starts again.
    HandsetKilled,
    /// The platform makes its links in another suite of algorithms than the handset was told to use.
    MixedSuites,
}

impl Fault {
    /// All faults, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::LostAnswer,
        Self::LostRequest,
        Self::MerchantDown,
        Self::InstitutionLate,
        Self::InstitutionDeclines,
        Self::InstitutionTwice,
        Self::WrongPassword,
        Self::Locked,
        Self::PlatformKilled,
        Self::PlatformKilledEarlier,
        Self::OrderedAgain,
        Self::TurnedBack,
        Self::HandsetKilled,
        Self::MixedSuites,
    ];

    /// Faults that a person at the page can switch on and meet with the page's own taps.
    pub const SWITCHES: [Self; 5] = [
        Self::LostAnswer,
        Self::LostRequest,
        Self::MerchantDown,
        Self::InstitutionLate,
        Self::InstitutionDeclines,
    ];

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LostAnswer => "lost-answer",
            Self::LostRequest => "lost-request",
            Self::MerchantDown => "merchant-down",
            Self::InstitutionLate => "institution-late",
            Self::InstitutionDeclines => "institution-declines",
            Self::InstitutionTwice => "institution-twice",
            Self::WrongPassword => "wrong-password",
            Self::Locked => "locked",
            Self::PlatformKilled => "platform-killed",
            Self::PlatformKilledEarlier => "platform-killed-earlier",
            Self::OrderedAgain => "ordered-again",
            Self::TurnedBack => "turned-back",
            Self::HandsetKilled => "handset-killed",
            Self::MixedSuites => "mixed-suites",
        }
    }

    /// The fault of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// A short label.
    #[must_use]
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::LostAnswer => ("答复丢失", "Answer lost"),
            Self::LostRequest => ("请求丢失", "Request lost"),
            Self::MerchantDown => ("商户停机", "Merchant down"),
            Self::InstitutionLate => ("银行迟答", "Bank answers late"),
            Self::InstitutionDeclines => ("银行拒绝", "Bank declines"),
            Self::InstitutionTwice => ("银行重复答复", "Bank answers twice"),
            Self::WrongPassword => ("密码输错", "Wrong password"),
            Self::Locked => ("密码锁定", "Password locked"),
            Self::PlatformKilled => ("入账后断电", "Platform killed after settling"),
            Self::PlatformKilledEarlier => ("扣款后断电", "Platform killed after the debit"),
            Self::OrderedAgain => ("重复下单", "Ordered again"),
            Self::TurnedBack => ("中途返回", "Turned back"),
            Self::HandsetKilled => ("应用被杀", "App killed"),
            Self::MixedSuites => ("套件混用", "Suites mixed"),
        };
        Text::new(zh, en)
    }

    /// One sentence: what happens.
    #[must_use]
    pub fn sentence(self) -> Text {
        let (zh, en) = match self {
            Self::LostAnswer => (
                "款已付，答复没到手机：只查询，不重付。",
                "The payment is made and its answer lost: the handset asks, and never pays again.",
            ),
            Self::LostRequest => (
                "请求没到平台：查询时作废，再付一次。",
                "The request never arrives: asking voids it, and the user pays anew.",
            ),
            Self::MerchantDown => (
                "商户收不到通知：SDK 先告知用户，商户恢复后补发。",
                "The merchant hears nothing: the SDK tells the user, the merchant's card follows on its return.",
            ),
            Self::InstitutionLate => (
                "银行超时才答复：结果确认中，不算失败。",
                "The bank answers after the deadline: not known yet, never a failure.",
            ),
            Self::InstitutionDeclines => (
                "银行拒绝扣款：未付款，可换方式。",
                "The bank declines: nothing is paid, and the user is told.",
            ),
            Self::InstitutionTwice => {
                ("银行重复答复：只记一次账。", "The bank answers twice: the money moves once.")
            }
            Self::WrongPassword => {
                ("第一次输错，第二次付成。", "The first password is wrong, the second one pays.")
            }
            Self::Locked => {
                ("连错五次：锁定，未付款。", "Five wrong passwords: locked, and nothing is paid.")
            }
            Self::PlatformKilled => (
                "平台入账后、答复前断电：重启后凭据仍在。",
                "The platform dies between its commit and its answer: the receipt is there after the restart.",
            ),
            Self::PlatformKilledEarlier => (
                "银行已扣款、平台未入账时断电：重启后补记，只扣一次。",
                "The platform dies between the debit and its own book: settled after the restart, debited once.",
            ),
            Self::OrderedAgain => (
                "未付订单可再次发起，已付订单只提示。",
                "An unpaid order can be started again, a paid one is announced as paid.",
            ),
            Self::TurnedBack => (
                "在键盘处返回，之后用同一卡片付款。",
                "The user turns back at the keypad and pays later from the same card.",
            ),
            Self::HandsetKilled => (
                "付款途中应用被杀：重启后先查询结果。",
                "The app dies in the middle: after its restart it asks for the result first.",
            ),
            Self::MixedSuites => (
                "平台换用另一密码套件：SDK 拒绝，未扣款；换回后付成。",
                "The platform goes over to another suite: the SDK refuses by name, nothing is charged; back again, it pays.",
            ),
        };
        Text::new(zh, en)
    }
}

/// Which faults are switched on. Cheap to clone; all clones are the same board.
#[derive(Debug, Clone)]
pub struct Board(Arc<watch::Sender<BTreeSet<Fault>>>);

impl Default for Board {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(BTreeSet::new())))
    }
}

impl Board {
    /// Switches a fault.
    pub fn set(&self, fault: Fault, on: bool) {
        self.0.send_modify(|faults| {
            if on {
                faults.insert(fault);
            } else {
                faults.remove(&fault);
            }
        });
    }

    /// Whether a fault is on.
    #[must_use]
    pub fn is_on(&self, fault: Fault) -> bool {
        self.0.borrow().contains(&fault)
    }

    /// Whether a fault was on; it is off now. For faults that happen once.
    #[must_use]
    pub fn take(&self, fault: Fault) -> bool {
        self.0.send_if_modified(|faults| faults.remove(&fault))
    }

    /// Tells of every change.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<BTreeSet<Fault>> {
        self.0.subscribe()
    }

    /// The page's switches as they stand.
    #[must_use]
    pub fn switches(&self) -> Vec<view::Fault> {
        Fault::SWITCHES
            .into_iter()
            .map(|fault| view::Fault {
                name: fault.name().to_owned(),
                label: fault.label(),
                sentence: fault.sentence(),
                on: self.is_on(fault),
            })
            .collect()
    }
}
