//! Cards and carousels: `message.generalPurposeCard` and `message.generalPurposeCardCarousel`.

use serde::{Deserialize, Serialize};

use super::Suggestion;

/// The member `message`: exactly one kind of card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Message {
    /// One card.
    GeneralPurposeCard(GeneralPurposeCard),
    /// 2 to 10 cards side by side.
    GeneralPurposeCardCarousel(Carousel),
}

impl Message {
    /// A vertical card with a bold title and nothing else set.
    #[must_use]
    pub fn card(content: CardContent) -> Self {
        let layout = CardLayout {
            card_orientation: Orientation::Vertical,
            image_alignment: None,
            title_font_style: Some(vec![FontStyle::Bold]),
            description_font_style: None,
            style: None,
        };
        Self::GeneralPurposeCard(GeneralPurposeCard { layout, content })
    }

    /// A carousel with bold titles.
    #[must_use]
    pub fn carousel(card_width: CardWidth, content: Vec<CardContent>) -> Self {
        let layout = CarouselLayout {
            card_width,
            title_font_style: Some(vec![FontStyle::Bold]),
            description_font_style: None,
            style: None,
        };
        Self::GeneralPurposeCardCarousel(Carousel { layout, content })
    }

    /// Its cards, one or many.
    #[must_use]
    pub fn contents(&self) -> &[CardContent] {
        match self {
            Self::GeneralPurposeCard(card) => std::slice::from_ref(&card.content),
            Self::GeneralPurposeCardCarousel(carousel) => &carousel.content,
        }
    }
}

/// One card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GeneralPurposeCard {
    /// How it is laid out.
    pub layout: CardLayout,
    /// What it says.
    pub content: CardContent,
}

/// 2 to 10 cards (the schema allows 12, cores in the field stop at 10).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Carousel {
    /// How they are laid out.
    pub layout: CarouselLayout,
    /// The cards.
    pub content: Vec<CardContent>,
}

/// Layout of one card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardLayout {
    /// `VERTICAL` or `HORIZONTAL`.
    pub card_orientation: Orientation,
    /// Needed when horizontal, refused when vertical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_alignment: Option<Alignment>,
    /// 1 to 3 styles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_font_style: Option<Vec<FontStyle>>,
    /// 1 to 3 styles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_font_style: Option<Vec<FontStyle>>,
    /// Address of a style sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
}

/// Layout of a carousel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CarouselLayout {
    /// Width of each card.
    pub card_width: CardWidth,
    /// 1 to 3 styles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_font_style: Option<Vec<FontStyle>>,
    /// 1 to 3 styles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_font_style: Option<Vec<FontStyle>>,
    /// Address of a style sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
}

/// Which way a card runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Orientation {
    /// Picture above the words.
    Vertical,
    /// Picture beside the words.
    Horizontal,
}

/// Where the picture of a horizontal card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Alignment {
    /// Left of the words.
    Left,
    /// Right of the words.
    Right,
}

/// Width of a carousel's cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CardWidth {
    /// 120 dp class; no tall media.
    SmallWidth,
    /// 232 dp class.
    MediumWidth,
}

/// Face of a title or description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FontStyle {
    /// Slanted.
    Italics,
    /// Heavy.
    Bold,
    /// With a line below.
    Underline,
}

/// What one card says: at least one of media, title and description.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CardContent {
    /// Picture or film.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 1 to 2000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// 1 to 4 buttons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestions: Option<Vec<Suggestion>>,
}

/// Picture or film of a card. The file was uploaded to the operator before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    /// Where it is.
    pub media_url: String,
    /// Its MIME type.
    pub media_content_type: String,
    /// Its size in bytes.
    pub media_file_size: u64,
    /// Where its small picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_url: Option<String>,
    /// MIME type of the small picture; needed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_content_type: Option<String>,
    /// Size of the small picture in bytes, ≤ 200 KB; needed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_file_size: Option<u64>,
    /// How much room it takes.
    pub height: MediaHeight,
    /// Words for a screen reader, 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_description: Option<String>,
}

/// Height of a card's media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MediaHeight {
    /// 112 dp class.
    ShortHeight,
    /// 168 dp class.
    MediumHeight,
    /// 264 dp class; not in a small carousel.
    TallHeight,
}
