//! A number shown again before it is sealed.

use super::{
    Kind,
    hold::Hold,
    verdict::{self, Verdict},
};
use crate::{
    face::{self, Picture},
    failure::EntryFault,
};

/// A number as it stands: its picture, and whether it can be right. There is no text.
#[derive(Debug)]
pub struct EntryReview {
    /// One line, in groups.
    pub picture: Picture,
    /// By length, form and check digit.
    pub verdict: Verdict,
}

/// Characters in each group of a kind: 4-4-4-4-3 of a card, 6-8-4 of an identity number.
fn groups(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::CardNumber => &[4, 4, 4, 4, 3],
        Kind::IdNumber => &[6, 8, 4],
        Kind::Numeric | Kind::FullText | Kind::Pin => &[],
    }
}

/// How many of `length` characters stand in each group; what is longer than the groups is one more.
pub(super) fn split(kind: Kind, length: usize) -> Vec<usize> {
    let mut left = length;
    let mut parts: Vec<usize> = groups(kind)
        .iter()
        .map(|group| {
            let part = usize::from(*group).min(left);
            left -= part;
            part
        })
        .collect();
    parts.push(left);
    parts.retain(|part| *part > 0);
    parts
}

// EXPOSE: the person who typed the number sees it before it is sealed. Picture and verdict leave the clean room, no
// character does.
pub(super) fn draw(
    kind: Kind,
    hold: &Hold,
    complete: bool,
    height_px: u16,
) -> Result<EntryReview, EntryFault> {
    let (Hold::Kept(typed), Kind::CardNumber | Kind::IdNumber) = (hold, kind) else {
        return Err(EntryFault::NoReview);
    };
    Ok(typed.expose(|characters| EntryReview {
        picture: face::line(characters, groups(kind), height_px),
        verdict: verdict::judge(kind, characters, complete),
    })?)
}
