//! The ways for a message to be wrong, each with its name. All are the fault of whoever built it.

use std::fmt;

/// One defect; `at` is the JSON pointer of the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// A horizontal card must say where its picture stands.
    #[error("{at}: a HORIZONTAL card needs imageAlignment LEFT or RIGHT")]
    AlignmentMissing {
        /// JSON pointer of the place.
        at: String,
    },
    /// A vertical card must not.
    #[error("{at}: a VERTICAL card may not have imageAlignment")]
    AlignmentOnVertical {
        /// JSON pointer of the place.
        at: String,
    },
    /// A carousel of 1 or of more than 10.
    #[error("{at}: a carousel has 2 to 10 cards, this one {cards}")]
    CarouselSize {
        /// JSON pointer of the place.
        at: String,
        /// Cards found.
        cards: usize,
    },
    /// Tall media in a small carousel.
    #[error("{at}: media of a SMALL_WIDTH carousel may not be TALL_HEIGHT")]
    TallInSmallCarousel {
        /// JSON pointer of the place.
        at: String,
    },
    /// No button, or more than four, in a card.
    #[error("{at}: a card has 1 to 4 buttons, this one {buttons}")]
    ButtonCount {
        /// JSON pointer of the place.
        at: String,
        /// Buttons found.
        buttons: usize,
    },
    /// No chip, or more than eleven.
    #[error("{at}: a chip list has 1 to 11 chips, this one {chips}")]
    ChipCount {
        /// JSON pointer of the place.
        at: String,
        /// Chips found.
        chips: usize,
    },
    /// A button that is not exactly one of reply and action, or an action with none or two kinds.
    #[error("{at}: exactly one of reply and action, and exactly one kind of action")]
    ActionKinds {
        /// JSON pointer of the place.
        at: String,
    },
    /// Words too long for a button.
    #[error("{at}: button words have {bytes} bytes, at most 25 are allowed")]
    ButtonTextTooLong {
        /// JSON pointer of the place.
        at: String,
        /// Bytes found.
        bytes: usize,
    },
    /// A postback too long.
    #[error("{at}: a postback has {chars} characters, at most 2048 are allowed")]
    PostbackTooLong {
        /// JSON pointer of the place.
        at: String,
        /// Characters found.
        chars: usize,
    },
    /// Begins like a signed postback token and isn't one.
    #[error("{at}: begins with p1| but is no postback token")]
    PostbackMalformed {
        /// JSON pointer of the place.
        at: String,
    },
    /// `openUrl` without `application`.
    #[error("{at}: openUrl needs application browser or webview")]
    ApplicationMissing {
        /// JSON pointer of the place.
        at: String,
    },
    /// A view mode that GSMA doesn't know.
    #[error("{at}: viewMode is full, half or tall, in lower case")]
    ViewModeUnknown {
        /// JSON pointer of the place.
        at: String,
    },
    /// An address that a button may not open.
    #[error("{at}: a button opens https, sms or msgpay, a web view https only")]
    UrlScheme {
        /// JSON pointer of the place.
        at: String,
    },
    /// Media without its size.
    #[error("{at}: mediaFileSize is mandatory")]
    MediaSizeMissing {
        /// JSON pointer of the place.
        at: String,
    },
    /// A size that is no whole number.
    #[error("{at}: mediaFileSize is a whole number of bytes, not text")]
    MediaSizeNotInteger {
        /// JSON pointer of the place.
        at: String,
    },
    /// A small picture that isn't small.
    #[error("{at}: a thumbnail has at most 200 KB")]
    ThumbnailTooLarge {
        /// JSON pointer of the place.
        at: String,
    },
    /// A face that GSMA doesn't know.
    #[error("{at}: a font style is italics, bold or underline")]
    FontStyleUnknown {
        /// JSON pointer of the place.
        at: String,
    },
    /// A device model too long.
    #[error("{at}: deviceModel has at most 10 characters")]
    DeviceModelTooLong {
        /// JSON pointer of the place.
        at: String,
    },
    /// Present and empty.
    #[error("{at}: leave an empty member out")]
    EmptyMember {
        /// JSON pointer of the place.
        at: String,
    },
    /// A payment card number in words.
    #[error("{at}: words may not hold a whole payment card number")]
    CardNumberShown {
        /// JSON pointer of the place.
        at: String,
    },
    /// `smsSupported` without `smsContent`.
    #[error("smsContent is mandatory when smsSupported is true")]
    SmsTextMissing,
    /// A traffic type that GSMA doesn't know.
    #[error("trafficType is advertisement, payment, premium, subscription or token")]
    TrafficUnknown,
    /// Something of a payment that doesn't say so.
    #[error("a message of a payment needs trafficType payment")]
    PaymentTrafficMissing,
    /// A confirm or code card that could arrive late.
    #[error("a confirm or code card needs storeSupported false and no short message")]
    ConfirmCouldBeStale,
    /// A payment message to more than one.
    #[error("a message of a payment goes to exactly one subscriber, this one to {recipients}")]
    PaymentRecipients {
        /// Recipients found.
        recipients: usize,
    },
    /// A destination that is no `tel:` URI.
    #[error("{at}: a destination is a tel: URI")]
    AddressNotTel {
        /// JSON pointer of the place.
        at: String,
    },
    /// Base64 that doesn't hold the JSON that its content type promises.
    #[error("{at}: contentText is not the JSON that contentType promises")]
    ContentUndecodable {
        /// JSON pointer of the place.
        at: String,
    },
    /// More entries than a level of a menu holds.
    #[error("{at}: a menu has at most 3 entries at its first level and 5 at its second")]
    MenuEntries {
        /// JSON pointer of the place.
        at: String,
    },
    /// A third level.
    #[error("{at}: a menu has at most two levels")]
    MenuLevels {
        /// JSON pointer of the place.
        at: String,
    },
    /// Refused by the schema, under no name of ours.
    #[error("{at}: refused by the schema ({keyword})")]
    Schema {
        /// JSON pointer of the place.
        at: String,
        /// Keyword of the schema.
        keyword: String,
    },
}

impl Defect {
    /// The defect's name, stable for tests and for operator codes.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::AlignmentMissing { .. } => "alignment-missing",
            Self::AlignmentOnVertical { .. } => "alignment-on-vertical",
            Self::CarouselSize { .. } => "carousel-size",
            Self::TallInSmallCarousel { .. } => "tall-in-small-carousel",
            Self::ButtonCount { .. } => "button-count",
            Self::ChipCount { .. } => "chip-count",
            Self::ActionKinds { .. } => "action-kinds",
            Self::ButtonTextTooLong { .. } => "button-text-too-long",
            Self::PostbackTooLong { .. } => "postback-too-long",
            Self::PostbackMalformed { .. } => "postback-malformed",
            Self::ApplicationMissing { .. } => "application-missing",
            Self::ViewModeUnknown { .. } => "view-mode-unknown",
            Self::UrlScheme { .. } => "url-scheme",
            Self::MediaSizeMissing { .. } => "media-size-missing",
            Self::MediaSizeNotInteger { .. } => "media-size-not-integer",
            Self::ThumbnailTooLarge { .. } => "thumbnail-too-large",
            Self::FontStyleUnknown { .. } => "font-style-unknown",
            Self::DeviceModelTooLong { .. } => "device-model-too-long",
            Self::EmptyMember { .. } => "empty-member",
            Self::CardNumberShown { .. } => "card-number-shown",
            Self::SmsTextMissing => "sms-text-missing",
            Self::TrafficUnknown => "traffic-unknown",
            Self::PaymentTrafficMissing => "payment-traffic-missing",
            Self::ConfirmCouldBeStale => "confirm-could-be-stale",
            Self::PaymentRecipients { .. } => "payment-recipients",
            Self::AddressNotTel { .. } => "address-not-tel",
            Self::ContentUndecodable { .. } => "content-undecodable",
            Self::MenuEntries { .. } => "menu-entries",
            Self::MenuLevels { .. } => "menu-levels",
            Self::Schema { .. } => "schema",
        }
    }
}

/// Everything wrong with one message; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defects(pub(crate) Vec<Defect>);

impl Defects {
    /// The defects, named ones first.
    #[must_use]
    pub fn list(&self) -> &[Defect] {
        &self.0
    }

    /// Whether one of them has this [name](Defect::name).
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|defect| defect.name() == name)
    }
}

impl fmt::Display for Defects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, defect) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{defect}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Defects {}
