//! How a session ends, in the words of what to do next.

use std::fmt;

use msgpay_wire::problem::Code;

/// The end of a payment. Only [`Outcome::Paid`] and a [`Reason`] with a receipt rest on the institution's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Paid, proven by the institution's signed receipt.
    Paid(Receipt),
    /// Not paid, and this session can no longer pay.
    NotPaid(Reason),
    /// The user turned back before anything that could pay was sent.
    Cancelled,
    /// A request left the handset and its result is not known. Nothing may be paid anew before
    /// [`MsgPay::resolve`](crate::MsgPay::resolve) gives an answer.
    Unresolved {
        /// The institution to ask.
        institution: String,
        /// The order to ask about.
        pay_order_no: String,
    },
}

/// The end of setting a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupOutcome {
    /// The institution's signed word that the password is set.
    Set(Receipt),
    /// Not set; see what to do.
    NotSet(Reason),
    /// The user turned back before anything was sent.
    Cancelled,
    /// The request left the handset and no answer came. Setting it again is safe: no money moves.
    Unresolved,
}

/// The end of enrolling a biometric key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentOutcome {
    /// The institution's signed word that the key may pay. It is on record.
    Enrolled(Receipt),
    /// Not enrolled; an earlier key stays. See what to do.
    NotEnrolled(Reason),
    /// The user turned back before anything was sent.
    Cancelled,
    /// The request left the handset and no answer came. Enrolling again is safe and puts it right: no money moves. Until
    /// then an earlier key may be refused.
    Unresolved,
}

/// Why nothing was paid, and what to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What the user or the application should do.
    pub todo: Todo,
    /// What happened, for choosing a sentence.
    pub why: Why,
    /// Tries that the institution says are left.
    pub tries_left: Option<u32>,
    /// The institution's signed word, when there is one.
    pub receipt: Option<Receipt>,
}

/// The action that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Todo {
    /// Launch the same link again.
    TryAgain,
    /// This order cannot be paid this way: another link, another way, another handset.
    OtherWay,
    /// The institution has to help: locked, account status, answers that are not genuine.
    AskInstitution,
    /// Nothing is left to do: already paid, closed.
    Nothing,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The link was not signed by an institution that this application trusts, or was altered.
    LinkNotGenuine,
    /// The link's time is over.
    LinkExpired,
    /// The link is for another wallet.
    OtherWallet,
    /// This handset is not activated at the link's institution.
    NotActivated,
    /// The institution could not be reached; nothing that could pay was sent.
    NoConnection,
    /// The answer was not the institution's or not for this request; nothing was paid by this session.
    AnswerNotGenuine,
    /// The answer came with rules of the institution that newer ones, seen meanwhile, have replaced: answers of two
    /// launches crossed, or somebody gives old rules out. Nothing was paid.
    OlderRules,
    /// The institution's rules ask for what this handset or application cannot do.
    NotAllowed,
    /// Link, answer or key are made in another suite of algorithms than this application, the launch or the
    /// institution's policy allow (5G-1006): a downgrade, or a wrong configuration. Nothing was paid.
    Suite,
    /// Too much time passed between review and entry.
    TookTooLong,
    /// The password was wrong (5G-3001).
    WrongPassword,
    /// Locked after wrong passwords (5G-3002).
    Locked,
    /// The order is already paid (5G-2002).
    AlreadyPaid,
    /// The order is closed or expired (5G-2003).
    OrderClosed,
    /// Another attempt at this order is in progress (5G-2004).
    InProgress,
    /// The request was voided before it arrived; it can never pay.
    Voided,
    /// The new password is too easy to guess (5G-3008).
    WeakPassword,
    /// The two new entries differ (5G-3009).
    PasswordsDiffer,
    /// No password is set yet, or one is set already (5G-3010).
    PasswordState,
    /// The activation code is wrong, used or over (5G-3011).
    ActivationCode,
    /// The phone has given the biometric key up (another finger or face was enrolled in it), and the institution's rules
    /// have no way without: enrol again by [`MsgPay::enrol_biometric`](crate::MsgPay::enrol_biometric).
    BiometricLost,
    /// The institution does not take the biometric signature (5G-3015): its key was replaced or ended there. Enrol again.
    Biometric,
    /// Any other refusal: the code of the institution, `5G-nnnn`, or empty for one that is not known here.
    Refused(String),
}

/// A verified receipt, in plain values and as the signed bytes for the record.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Who signed.
    pub institution: String,
    /// The payment order, or the number of the password setting.
    pub subject_no: String,
    /// When the institution concluded, unix seconds.
    pub time: i64,
    /// Which attempt of the order this was.
    pub attempt: u64,
    /// The COSE_Sign1 bytes: evidence that verifies without this library.
    pub signed: Vec<u8>,
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt({} {})", self.institution, self.subject_no)
    }
}

impl Reason {
    pub(crate) fn new(todo: Todo, why: Why) -> Self {
        Self { todo, why, tries_left: None, receipt: None }
    }

    /// The reason behind a refusal code of the institution; unknown codes lead to the institution.
    pub(crate) fn of_code(text: &str) -> Self {
        let Some(code) = Code::from_code(text) else {
            return Self::new(Todo::AskInstitution, Why::Refused(String::new()));
        };
        let (todo, why) = match code {
            Code::Suite => (Todo::AskInstitution, Why::Suite),
            Code::AlreadyPaid => (Todo::Nothing, Why::AlreadyPaid),
            Code::Closed => (Todo::Nothing, Why::OrderClosed),
            Code::InProgress => (Todo::TryAgain, Why::InProgress),
            Code::WrongPassword => (Todo::TryAgain, Why::WrongPassword),
            Code::Locked => (Todo::AskInstitution, Why::Locked),
            Code::WeakPassword => (Todo::TryAgain, Why::WeakPassword),
            Code::PasswordsDiffer => (Todo::TryAgain, Why::PasswordsDiffer),
            Code::Activation => (Todo::AskInstitution, Why::ActivationCode),
            Code::PasswordState => (Todo::AskInstitution, Why::PasswordState),
            Code::Biometric => (Todo::OtherWay, Why::Biometric),
            Code::OrderUnknown | Code::Balance | Code::Limit => {
                (Todo::OtherWay, Why::Refused(code.code().to_owned()))
            }
            Code::Replay
            | Code::TooSlow
            | Code::Rate
            | Code::Unopenable
            | Code::NonceSpent
            | Code::Factors
            | Code::Internal
            | Code::Channel
            | Code::Unavailable => (Todo::TryAgain, Why::Refused(code.code().to_owned())),
            _ => (Todo::AskInstitution, Why::Refused(code.code().to_owned())),
        };
        Self::new(todo, why)
    }
}
