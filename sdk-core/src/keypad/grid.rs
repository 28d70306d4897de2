//! Where the keys of each kind lie. Places are public: only the characters are shuffled over them.
//!
//! ```text
//! digits          digits and X     letters (20 columns)              signs
//! 0 1 2           0 1 2            0 1 2 3 4 5 6 7 8 9     (span 2)      78 … 83
//! 3 4 5           3 4 5             10 … 18                              84 … 88
//! 6 7 8           6 7 8            ⇧  19 … 25  ⌫                      123 89 … 93 ⌫
//! ✓ 9 ⌫           9 10 ⌫           123 ─── ✓ ───                      abc ─── ✓ ───
//!                 ─ ✓ ─
//! ```

use super::{Action, Key, Kind};
use crate::face::{Mark, Picture};

/// Columns of a full keyboard; a character covers two.
const COLUMNS: u8 = 20;
/// Characters in the rows of each page of a full keyboard, top down: small letters, capitals, digits and signs, signs.
const ROWS: [[u8; 3]; 4] = [[10, 9, 7], [10, 9, 7], [10, 9, 7], [6, 5, 5]];
/// Small letters and capitals.
const LETTERS_PAGE: u8 = 0;
const CAPITALS_PAGE: u8 = 1;
const DIGITS_PAGE: u8 = 2;
const SIGNS_PAGE: u8 = 3;

/// A key without its face.
pub(crate) struct Place {
    page: u8,
    row: u8,
    column: u8,
    span: u8,
    action: Action,
}

impl Place {
    pub(crate) fn key(self, face: Picture) -> Key {
        let Self { page, row, column, span, action } = self;
        Key { page, row, column, span, action, face, clip: None }
    }
}

/// How many characters are shuffled among themselves, in the order of the slots; letters, which lie twice, left out.
pub(crate) fn shuffled_together(kind: Kind) -> &'static [usize] {
    match kind {
        Kind::Numeric | Kind::CardNumber | Kind::Pin => &[10],
        Kind::IdNumber => &[11],
        Kind::FullText => &[26, 16],
    }
}

/// The place of each slot, in the order of the slots.
pub(crate) fn places(kind: Kind) -> Box<dyn Iterator<Item = Place>> {
    let small = |(slot, (row, column))| Place { page: 0, row, column, span: 1, action: Action::Slot(slot) };
    let nine = (0..9).map(|slot| (slot / 3, slot % 3));
    match kind {
        Kind::Numeric | Kind::CardNumber | Kind::Pin => Box::new((0..).zip(nine.chain([(3, 1)])).map(small)),
        Kind::IdNumber => Box::new((0..).zip(nine.chain([(3, 0), (3, 1)])).map(small)),
        Kind::FullText => {
            let rows = (0..).zip(ROWS).flat_map(|(page, rows)| (0..).zip(rows).map(move |row| (page, row)));
            let keys = rows.flat_map(|(page, (row, count))| {
                (0..count).map(move |at| (page, row, COLUMNS / 2 - count + 2 * at))
            });
            let place = |(slot, (page, row, column))| Place {
                page,
                row,
                column,
                span: 2,
                action: Action::Slot(slot),
            };
            Box::new((0..).zip(keys).map(place))
        }
    }
}

/// The function keys; those of a full keyboard stand on each page.
pub(crate) fn functions(kind: Kind) -> std::vec::IntoIter<(Place, Mark)> {
    let small = |row, column, span, action, mark| (Place { page: 0, row, column, span, action }, mark);
    let keys = match kind {
        Kind::Numeric | Kind::CardNumber | Kind::Pin => {
            vec![small(3, 0, 1, Action::Confirm, Mark::Confirm), small(3, 2, 1, Action::Delete, Mark::Delete)]
        }
        Kind::IdNumber => {
            vec![small(3, 2, 1, Action::Delete, Mark::Delete), small(4, 0, 3, Action::Confirm, Mark::Confirm)]
        }
        Kind::FullText => (0..).zip(ROWS).flat_map(|(page, _)| full_text_functions(page)).collect(),
    };
    keys.into_iter()
}

fn full_text_functions(page: u8) -> [(Place, Mark); 4] {
    let (beside, below) = match page {
        LETTERS_PAGE => ((CAPITALS_PAGE, Mark::Shift), (DIGITS_PAGE, Mark::Digits)),
        CAPITALS_PAGE => ((LETTERS_PAGE, Mark::Shift), (DIGITS_PAGE, Mark::Digits)),
        DIGITS_PAGE => ((SIGNS_PAGE, Mark::Symbols), (LETTERS_PAGE, Mark::Letters)),
        _ => ((DIGITS_PAGE, Mark::Digits), (LETTERS_PAGE, Mark::Letters)),
    };
    let key = |row, column, span, action, mark| (Place { page, row, column, span, action }, mark);
    [
        key(2, 0, 3, Action::Page(beside.0), beside.1),
        key(2, COLUMNS - 3, 3, Action::Delete, Mark::Delete),
        key(3, 0, 5, Action::Page(below.0), below.1),
        key(3, 5, COLUMNS - 5, Action::Confirm, Mark::Confirm),
    ]
}
