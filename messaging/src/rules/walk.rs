//! Named rules over a GSMA root object and a menu.

use serde_json::{Map, Value};

use super::{BUTTON_BYTES_MAX, Defect, POSTBACK_CHARS_MAX, THUMBNAIL_BYTES_MAX};
use crate::postback;

/// Spaces and hyphens in a row that may part the digits of one number.
const GAP_CHARS_MAX: u32 = 3;
const ACTION_KINDS: [&str; 7] = [
    "urlAction",
    "dialerAction",
    "mapAction",
    "calendarAction",
    "composeAction",
    "deviceAction",
    "settingsAction",
];

pub(super) fn root(root: &Value, at: &str, found: &mut Vec<Defect>) {
    if let Some(card) = root.pointer("/message/generalPurposeCard") {
        let at = format!("{at}/message/generalPurposeCard");
        card_layout(&card["layout"], &format!("{at}/layout"), found);
        card_content(&card["content"], &format!("{at}/content"), false, found);
    }
    if let Some(carousel) = root.pointer("/message/generalPurposeCardCarousel") {
        let at = format!("{at}/message/generalPurposeCardCarousel");
        fonts(&carousel["layout"], &format!("{at}/layout"), found);
        let small = carousel["layout"]["cardWidth"] == "SMALL_WIDTH";
        let cards = array(&carousel["content"]);
        if !(2..=10).contains(&cards.len()) {
            found.push(Defect::CarouselSize { at: format!("{at}/content"), cards: cards.len() });
        }
        for (i, card) in cards.iter().enumerate() {
            card_content(card, &format!("{at}/content/{i}"), small, found);
        }
    }
    if let Some(chips) = root.get("suggestions") {
        let at = format!("{at}/suggestions");
        let chips = array(chips);
        if !(1..=11).contains(&chips.len()) {
            found.push(Defect::ChipCount { at: at.clone(), chips: chips.len() });
        }
        suggestions(chips, &at, found);
    }
    if let Some(model) = root.pointer("/sharedData/deviceSpecifics/deviceModel").and_then(Value::as_str)
        && model.chars().count() > 10
    {
        found.push(Defect::DeviceModelTooLong { at: format!("{at}/sharedData/deviceSpecifics/deviceModel") });
    }
}

pub(super) fn menu(menu: &Value, found: &mut Vec<Defect>) {
    let first = array(&menu["menu"]["entries"]);
    if first.len() > 3 {
        found.push(Defect::MenuEntries { at: "/menu/entries".to_owned() });
    }
    for (i, entry) in first.iter().enumerate() {
        let at = format!("/menu/entries/{i}");
        let Some(sub) = entry.get("menu") else {
            suggestions(std::slice::from_ref(entry), &at, found);
            continue;
        };
        button_text(sub, &format!("{at}/menu"), found);
        let second = array(&sub["entries"]);
        if second.len() > 5 {
            found.push(Defect::MenuEntries { at: format!("{at}/menu/entries") });
        }
        for (j, entry) in second.iter().enumerate() {
            let at = format!("{at}/menu/entries/{j}");
            if entry.get("menu").is_some() {
                found.push(Defect::MenuLevels { at });
            } else {
                suggestions(std::slice::from_ref(entry), &at, found);
            }
        }
    }
}

/// A member may be absent, never present and empty (V1.0.4 p10). `{}` is how the argument-less actions
/// are written, so an empty object is no defect.
pub(super) fn no_empty_member(value: &Value, at: &str, found: &mut Vec<Defect>) {
    match value {
        Value::Null => found.push(Defect::EmptyMember { at: at.to_owned() }),
        Value::String(text) if text.is_empty() => found.push(Defect::EmptyMember { at: at.to_owned() }),
        Value::Array(items) if items.is_empty() => found.push(Defect::EmptyMember { at: at.to_owned() }),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                no_empty_member(item, &format!("{at}/{i}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                no_empty_member(member, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// Refuses words that hold a whole payment card number: 13 to 19 digits, full-width ones too (a few spaces and hyphens
/// between them don't matter), that pass the check-digit rule of ISO/IEC 7812 and don't belong to a longer identifier.
pub(super) fn no_card_number(words: &Value, at: &str, found: &mut Vec<Defect>) {
    let Some(words) = words.as_str() else { return };
    let mut digits: Vec<u32> = Vec::new();
    let (mut glued, mut gap) = (false, 0);
    let mut before = ' ';
    for c in words.chars().chain(['.']) {
        if let Some(digit) = digit(c) {
            if digits.is_empty() {
                glued = before.is_ascii_alphabetic();
            }
            digits.push(digit);
            gap = 0;
        } else if separates(c) && !digits.is_empty() && gap < GAP_CHARS_MAX {
            gap += 1;
        } else {
            let ends_glued = c.is_ascii_alphabetic() && gap == 0;
            if !glued && !ends_glued && (13..=19).contains(&digits.len()) && check_digit_holds(&digits) {
                found.push(Defect::CardNumberShown { at: at.to_owned() });
                return;
            }
            digits.clear();
            gap = 0;
        }
        before = c;
    }
}

/// ASCII and full-width digits.
fn digit(c: char) -> Option<u32> {
    match c {
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        _ => c.to_digit(10),
    }
}

/// What people write between groups of digits.
fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}')
}

fn check_digit_holds(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &d)| match (i % 2, d) {
            (0, d) => d,
            (_, d) if d > 4 => 2 * d - 9,
            (_, d) => 2 * d,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn card_layout(layout: &Value, at: &str, found: &mut Vec<Defect>) {
    let aligned = layout.get("imageAlignment").is_some();
    match layout["cardOrientation"].as_str() {
        Some("HORIZONTAL") if !aligned => found.push(Defect::AlignmentMissing { at: at.to_owned() }),
        Some("VERTICAL") if aligned => found.push(Defect::AlignmentOnVertical { at: at.to_owned() }),
        _ => {}
    }
    fonts(layout, at, found);
}

fn fonts(layout: &Value, at: &str, found: &mut Vec<Defect>) {
    for member in ["titleFontStyle", "descriptionFontStyle"] {
        let known = |style: &Value| matches!(style.as_str(), Some("italics" | "bold" | "underline"));
        if !array(&layout[member]).iter().all(known) {
            found.push(Defect::FontStyleUnknown { at: format!("{at}/{member}") });
        }
    }
}

fn card_content(content: &Value, at: &str, small: bool, found: &mut Vec<Defect>) {
    if let Some(media) = content.get("media") {
        let at = format!("{at}/media");
        match media.get("mediaFileSize") {
            None => found.push(Defect::MediaSizeMissing { at: at.clone() }),
            Some(size) if !size.is_u64() => found.push(Defect::MediaSizeNotInteger { at: at.clone() }),
            Some(_) => {}
        }
        if media["thumbnailFileSize"].as_u64().is_some_and(|size| size > THUMBNAIL_BYTES_MAX) {
            found.push(Defect::ThumbnailTooLarge { at: at.clone() });
        }
        if small && media["height"] == "TALL_HEIGHT" {
            found.push(Defect::TallInSmallCarousel { at });
        }
    }
    for member in ["title", "description"] {
        no_card_number(&content[member], &format!("{at}/{member}"), found);
    }
    if let Some(buttons) = content.get("suggestions") {
        let at = format!("{at}/suggestions");
        let buttons = array(buttons);
        if !(1..=4).contains(&buttons.len()) {
            found.push(Defect::ButtonCount { at: at.clone(), buttons: buttons.len() });
        }
        suggestions(buttons, &at, found);
    }
}

fn suggestions(items: &[Value], at: &str, found: &mut Vec<Defect>) {
    for (i, item) in items.iter().enumerate() {
        let at = format!("{at}/{i}");
        let (reply, action) = (item.get("reply"), item.get("action"));
        if reply.is_some() == action.is_some() {
            found.push(Defect::ActionKinds { at });
            continue;
        }
        if let Some(reply) = reply {
            button(reply, &format!("{at}/reply"), found);
        }
        if let Some(action) = action {
            let at = format!("{at}/action");
            button(action, &at, found);
            if ACTION_KINDS.iter().filter(|kind| action.get(**kind).is_some()).count() != 1 {
                found.push(Defect::ActionKinds { at: at.clone() });
            }
            if let Some(Value::Object(open)) = action.pointer("/urlAction/openUrl") {
                open_url(open, &format!("{at}/urlAction/openUrl"), found);
            }
        }
    }
}

fn button(button: &Value, at: &str, found: &mut Vec<Defect>) {
    button_text(button, at, found);
    let Some(data) = button["postback"]["data"].as_str() else { return };
    let chars = data.chars().count();
    if chars > POSTBACK_CHARS_MAX {
        found.push(Defect::PostbackTooLong { at: format!("{at}/postback/data"), chars });
    } else if data.starts_with(postback::PREFIX) && postback::read_unverified(data).is_err() {
        found.push(Defect::PostbackMalformed { at: format!("{at}/postback/data") });
    }
}

fn button_text(button: &Value, at: &str, found: &mut Vec<Defect>) {
    no_card_number(&button["displayText"], &format!("{at}/displayText"), found);
    if let Some(text) = button["displayText"].as_str()
        && text.len() > BUTTON_BYTES_MAX
    {
        found.push(Defect::ButtonTextTooLong { at: format!("{at}/displayText"), bytes: text.len() });
    }
}

fn open_url(open: &Map<String, Value>, at: &str, found: &mut Vec<Defect>) {
    let webview = match open.get("application").and_then(Value::as_str) {
        Some("webview") => true,
        Some("browser") => false,
        _ => {
            found.push(Defect::ApplicationMissing { at: at.to_owned() });
            return;
        }
    };
    if let Some(mode) = open.get("viewMode")
        && !matches!(mode.as_str(), Some("full" | "half" | "tall"))
    {
        found.push(Defect::ViewModeUnknown { at: format!("{at}/viewMode") });
    }
    let scheme = open.get("url").and_then(Value::as_str).and_then(|url| url.split_once(':')).map(|(s, _)| s);
    let allowed = match scheme {
        Some("https") => true,
        Some("sms" | "msgpay") => !webview,
        _ => false,
    };
    if !allowed {
        found.push(Defect::UrlScheme { at: format!("{at}/url") });
    }
}

pub(super) fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
