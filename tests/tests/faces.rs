//! What the keypads draw is read by a stranger: Tesseract, trained by others, reads the faces of shuffled keypads at
//! three scales, light and dark. And no table of pictures tells keys apart: none is drawn the same twice.
//!
//! With `MSGPAY_FACES=all` (`cargo xtask bench faces`) 50 layouts are read at each scale and in each theme (31,200
//! faces, some ten minutes) instead of 50 in all.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that cannot set its scene fails its test"
)]

#[path = "faces/keypads.rs"]
mod keypads;
#[path = "faces/reader.rs"]
mod reader;
#[path = "faces/shot.rs"]
mod shot;

use std::collections::{BTreeMap, HashMap};

use keypads::{Face, Institution};
use msgpay_crypto::random;
use msgpay_sdk_core::{FaceSize, Kind, Picture, specimen};
use shot::{NEIGHBOURS, Shot, Theme, among_neighbours};

const LAYOUTS: usize = 50;
const SIDES_PX: [u16; 3] = [28, 56, 112];
const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];
/// Faces that have to be read at every scale in every theme, of a hundred.
const VIEW_PER_CENT: usize = 95;

/// What counts as read although the reader gave another sign: same shape, told apart by size or by type alone.
/// Its model has no `^` and no grave accent: these two are always missed, and counted.
const ALIKE: [(char, &str); 12] = [
    ('0', "O"),  // no slash in it, as on every phone's keypad; beside letters O is wider and rounder
    ('c', "C"),  // the small letter is the capital, smaller
    ('o', "O"),  // as c
    ('s', "S"),  // as c
    ('u', "U"),  // as c
    ('v', "V"),  // as c
    ('w', "W"),  // as c
    ('x', "X"),  // as c
    ('z', "Z"),  // as c
    ('|', "lI"), // a bare upright stroke; ours is taller than both
    ('\'', "\u{2019}"), // the typographic apostrophe is the same sign
    ('`', "\u{2018}"), // the grave accent and the opening quotation mark share a place
];

/// Read as itself, or as its look-alike.
fn is_read(character: u8, text: &str) -> bool {
    let beside = str::from_utf8(NEIGHBOURS).unwrap();
    let between = text.strip_prefix(beside).and_then(|rest| rest.strip_suffix(beside)).unwrap_or_default();
    let own = char::from(character);
    let mut signs = between.chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else { return false };
    sign == own || ALIKE.iter().any(|(of, others)| *of == own && others.contains(sign))
}

/// Faces that were read, of how many.
#[derive(Clone, Copy, Default)]
struct Score {
    read: usize,
    shown: usize,
}

impl Score {
    fn add(&mut self, read: bool) {
        self.read += usize::from(read);
        self.shown += 1;
    }

    fn at_least(self, per_cent: usize) -> bool {
        self.shown > 0 && self.read * 100 >= per_cent * self.shown
    }
}

/// The faces of one full keyboard and one number pad.
fn layout(institution: &Institution, side_px: u16) -> Vec<Face> {
    let mut faces = institution.opening(Kind::FullText, side_px);
    faces.extend(institution.opening(Kind::Numeric, side_px));
    assert_eq!(faces.len(), 94 + 10);
    faces
}

#[test]
fn a_stranger_reads_the_faces() {
    let all = std::env::var_os("MSGPAY_FACES").is_some_and(|wish| wish == "all");
    let views: Vec<(u16, Theme)> =
        SIDES_PX.iter().flat_map(|side| THEMES.map(|theme| (*side, theme))).collect();
    let institution = Institution::make();
    let mut shown = Vec::new();
    let mut shots = Vec::new();
    for round in 0..LAYOUTS {
        let of_round = if all { views.clone() } else { vec![views[round % views.len()]] };
        for (side, theme) in of_round {
            for face in layout(&institution, side) {
                shots.push(among_neighbours(&face.picture, theme));
                shown.push((face.character, side, theme));
            }
        }
    }
    let texts = reader::read(&shots);

    let (mut digits, mut others, mut exchanged) = (Score::default(), Score::default(), Score::default());
    let mut by_view: BTreeMap<String, Score> = BTreeMap::new();
    assert_eq!(shown.len(), texts.len());
    let mut missed: BTreeMap<char, Vec<&str>> = BTreeMap::new();
    for (index, ((character, side, theme), text)) in shown.iter().zip(&texts).enumerate() {
        let read = is_read(*character, text);
        if character.is_ascii_digit() { &mut digits } else { &mut others }.add(read);
        by_view.entry(format!("{side:3} px {theme:?}")).or_default().add(read);
        if !read {
            missed.entry((*character).into()).or_default().push(text);
        }
        exchanged.add(is_read(shown[(index + 1) % shown.len()].0, text));
    }
    let share = |score: Score| format!("{} of {}", score.read, score.shown);
    println!("digits {}, letters and symbols {}", share(digits), share(others));
    by_view.iter().for_each(|(view, score)| println!("{view}: {}", share(*score)));
    missed.iter().for_each(|(of, texts)| println!("{of} missed {} times, as {}", texts.len(), texts[0]));

    assert!(digits.at_least(98), "digits: {}", share(digits));
    assert!(others.at_least(95), "letters and symbols: {}", share(others));
    // Each view for itself: a scale or a theme that nobody can read does not hide behind the others.
    assert_eq!(by_view.len(), views.len());
    for (view, score) in by_view {
        assert!(score.at_least(VIEW_PER_CENT), "{view}: {}", share(score));
    }
    // Control: held against the next key's character, the same texts are no readings.
    assert!(!exchanged.at_least(5), "exchanged: {}", share(exchanged));
}

/// Control: the reader reads shapes. The same faces with their ink moved about are not read.
#[test]
fn garbled_faces_are_not_read() {
    let institution = Institution::make();
    let faces = layout(&institution, 56);
    let whole: Vec<Shot> = faces.iter().map(|face| among_neighbours(&face.picture, Theme::Light)).collect();
    let garbled: Vec<Shot> = whole.iter().map(garbled).collect();
    let score = |shots: &[Shot]| {
        let mut score = Score::default();
        for (face, text) in faces.iter().zip(reader::read(shots)) {
            score.add(is_read(face.character, &text));
        }
        score
    };
    assert!(score(&whole).at_least(90));
    assert!(!score(&garbled).at_least(5));
}

/// Its middle fifth, where the face is, in tiles of 6 × 6 that change places: as much ink, no shape.
fn garbled(shot: &Shot) -> Shot {
    const TILE: usize = 6;
    let mut grey = shot.grey.clone();
    let (across, down) = (shot.width / TILE, shot.height / TILE);
    let from = across * 2 / 5;
    let tiles: Vec<(usize, usize)> =
        (0..down).flat_map(|row| (from..across - from).map(move |column| (column, row))).collect();
    for (index, (column, row)) in tiles.iter().enumerate() {
        let (other_column, other_row) = tiles[(index * 7 + 3) % tiles.len()];
        for y in 0..TILE {
            for x in 0..TILE {
                let to = (row * TILE + y) * shot.width + column * TILE + x;
                grey[to] = shot.grey[(other_row * TILE + y) * shot.width + other_column * TILE + x];
            }
        }
    }
    Shot { width: shot.width, height: shot.height, grey }
}

/// Openings, and pairs of equal pictures that chance gives among them with 2^16 states: n(n − 1) / 2 / 65,536 = 7.6.
const OPENINGS: usize = 1_000;
const PAIRS_MAX: usize = 7;

#[test]
fn no_key_of_1000_openings_is_drawn_twice() {
    let institution = Institution::make();
    let openings = (0..OPENINGS).flat_map(|_| institution.opening(Kind::FullText, 24));
    let drawn = drawn(openings.map(|face| (face.character, face.picture)));
    assert_eq!(drawn.len(), 94);
    for (character, pictures) in drawn {
        assert_eq!(pictures.values().sum::<usize>(), OPENINGS);
        let equal = pairs(pictures.into_values());
        assert!(equal <= PAIRS_MAX, "{}: {equal} equal pairs", char::from(character));
    }
}

/// Control: a drawing that takes one byte for all of its differences has 2^8 states, and is found for every character.
#[test]
fn control_faces_of_256_states_are_drawn_twice() {
    let size = FaceSize::square(24);
    let one_byte = |character: u8| {
        (0..OPENINGS).map(move |_| {
            let [byte] = random::make().unwrap();
            (character, specimen::varied(character, size, [byte; 7]).unwrap())
        })
    };
    let drawn = drawn((0x21..=0x7E).flat_map(one_byte));
    assert_eq!(drawn.len(), 94);
    for (character, pictures) in drawn {
        let equal = pairs(pictures.into_values());
        assert!(equal > PAIRS_MAX, "{}: {equal} equal pairs", char::from(character));
    }
}

/// By character, how often each picture of it was drawn.
fn drawn(faces: impl Iterator<Item = (u8, Picture)>) -> BTreeMap<u8, HashMap<Vec<u8>, usize>> {
    let mut drawn: BTreeMap<u8, HashMap<Vec<u8>, usize>> = BTreeMap::new();
    for (character, picture) in faces {
        *drawn.entry(character).or_default().entry(pixels(&picture)).or_default() += 1;
    }
    drawn
}

fn pixels(picture: &Picture) -> Vec<u8> {
    picture.alpha().to_vec()
}

/// Pairs among pictures of which so many are equal.
fn pairs(counts: impl Iterator<Item = usize>) -> usize {
    counts.map(|count| count * (count - 1) / 2).sum()
}
