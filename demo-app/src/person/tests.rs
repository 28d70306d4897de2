//! The reader against the SDK's own keypads, opened by an institution that tells the truth afterwards; and against
//! what is no keypad.

mod institution;
mod pen;

use msgpay_sdk_core::Action;

use super::{Picture, Reader, Unsure};
use institution::{Opened, two_keypads};

/// Layouts read at each size.
const LAYOUTS: usize = 200;

/// Slot and picture of every character key.
fn characters(opened: &Opened) -> Vec<(u8, &msgpay_sdk_core::Picture)> {
    opened
        .keys
        .iter()
        .filter_map(|key| match key.action {
            Action::Slot(slot) => Some((slot, &key.face)),
            _ => None,
        })
        .collect()
}

fn seen(picture: &msgpay_sdk_core::Picture) -> Picture {
    let side = usize::from(picture.width());
    Picture::from_alpha(side, side, picture.alpha()).unwrap()
}

#[test]
fn reads_every_digit_of_200_small_layouts() {
    reads_every_digit(32);
}

#[test]
fn reads_every_digit_of_200_layouts() {
    reads_every_digit(72);
}

#[test]
fn reads_every_digit_of_200_large_layouts() {
    reads_every_digit(168);
}

/// Reads `LAYOUTS` keypads, together and key by key, and compares with what the institution opened.
fn reads_every_digit(side_px: u16) {
    let reader = Reader::new();
    for (round, opened) in (0..LAYOUTS / 2).flat_map(|_| two_keypads(side_px)).enumerate() {
        let keys = characters(&opened);
        let pictures: Vec<Picture> = keys.iter().map(|(_, face)| seen(face)).collect();
        let truth: Vec<u8> = keys.iter().map(|(slot, _)| opened.truth[usize::from(*slot)] - b'0').collect();
        let reading = reader.read_keypad(&pictures).unwrap();
        assert_eq!(reading.digits.as_slice(), truth, "confidence {}", reading.confidence);
        // Alone, each sign takes as long again: a tenth of them will do.
        for (picture, digit) in pictures.iter().zip(&truth).filter(|_| round % 10 == 0) {
            assert_eq!(reader.read_one(picture).map(|(read, _)| read), Ok(*digit));
        }
    }
}

#[test]
fn reads_screenshots_of_keys_in_light_and_in_dark() {
    let reader = Reader::new();
    for (ground, ink) in [(255, 19), (27, 234), (240, 90)] {
        for opened in (0..10).flat_map(|_| two_keypads(96)) {
            let keys = characters(&opened);
            let shots = keys.iter().map(|(_, face)| screenshot(face, ground, ink));
            let pictures: Vec<Picture> =
                shots.map(|(w, h, luma)| Picture::from_luma(w, h, &luma).unwrap()).collect();
            let truth: Vec<u8> =
                keys.iter().map(|(slot, _)| opened.truth[usize::from(*slot)] - b'0').collect();
            assert_eq!(reader.read_keypad(&pictures).unwrap().digits.as_slice(), truth);
        }
    }
}

/// A key as a browser shows it: wider than its face, at half size, with a hairline of the grid on two sides.
fn screenshot(face: &msgpay_sdk_core::Picture, ground: u8, ink: u8) -> (usize, usize, Vec<u8>) {
    let side = usize::from(face.width()) / 2;
    let (width, height) = (side * 2, side + 12);
    let mut luma = vec![ground; width * height];
    for y in 0..side {
        for x in 0..side {
            let four = [(0, 0), (1, 0), (0, 1), (1, 1)];
            let cover: i32 = four
                .iter()
                .map(|(dx, dy)| i32::from(face.alpha()[(2 * y + dy) * side * 2 + 2 * x + dx]))
                .sum();
            let mixed = i32::from(ground) + (i32::from(ink) - i32::from(ground)) * cover / (4 * 255);
            luma[(y + 6) * width + x + side / 2] = u8::try_from(mixed).unwrap();
        }
    }
    let line = ground / 2 + ink / 2;
    (0..width).for_each(|x| luma[x] = line);
    (0..height).for_each(|y| luma[y * width + width - 1] = line);
    (width, height, luma)
}

#[test]
fn the_institution_tells_the_layouts_apart() {
    // Control: were the truth always the same, or read off the pictures' order, the tests above could not fail.
    let [one, two] = two_keypads(96);
    assert_ne!(one.truth, two.truth);
    let mut sorted = one.truth.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, b"0123456789");
}

#[test]
fn a_keypad_with_exchanged_truth_is_noticed() {
    let opened = two_keypads(96).into_iter().next().unwrap();
    let pictures: Vec<Picture> = characters(&opened).iter().map(|(_, face)| seen(face)).collect();
    let reading = Reader::new().read_keypad(&pictures).unwrap();
    let mut exchanged = pictures.clone();
    exchanged.swap(3, 8);
    let other = Reader::new().read_keypad(&exchanged).unwrap();
    assert_eq!(other.digits[3], reading.digits[8]);
    assert_eq!(other.place_of(reading.digits[3]), Some(8));
}

#[test]
fn letters_are_refused() {
    let reader = Reader::new();
    for side in [32, 96] {
        for (letter, picture) in pen::letters(side) {
            assert_eq!(reader.read_one(&picture), Err(Unsure::Unlike), "{letter} at {side} px");
        }
        let ten: Vec<Picture> = pen::letters(side).into_iter().take(10).map(|(_, picture)| picture).collect();
        assert_eq!(reader.read_keypad(&ten), Err(Unsure::Unlike));
    }
}

#[test]
fn one_letter_among_nine_digits_is_refused() {
    let opened = two_keypads(96).into_iter().next().unwrap();
    let mut pictures: Vec<Picture> = characters(&opened).iter().map(|(_, face)| seen(face)).collect();
    let (_, letter) = pen::letters(96).swap_remove(0);
    pictures[4] = letter;
    assert_eq!(Reader::new().read_keypad(&pictures), Err(Unsure::Unlike));
}

#[test]
fn the_same_digit_twice_is_refused() {
    let opened = two_keypads(96).into_iter().next().unwrap();
    let mut pictures: Vec<Picture> = characters(&opened).iter().map(|(_, face)| seen(face)).collect();
    pictures[0] = pictures[1].clone();
    assert!(Reader::new().read_keypad(&pictures).is_err());
}

#[test]
fn scribbles_and_noise_are_refused() {
    let reader = Reader::new();
    let mut dice = pen::Dice(20_261_122);
    for round in 0..60 {
        let way: Vec<(f32, f32)> = (0..8).map(|_| (dice.share() * 0.7, dice.share())).collect();
        let scribble = Picture::from_alpha(96, 96, &pen::drawn(96, 0.09, &[&way])).unwrap();
        assert!(reader.read_one(&scribble).is_err(), "scribble {round}");
        let dots: Vec<u8> = (0..96 * 96).map(|_| if dice.share() < 0.3 { 255 } else { 0 }).collect();
        let noise = Picture::from_alpha(96, 96, &dots).unwrap();
        assert!(reader.read_one(&noise).is_err(), "noise {round}");
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    assert_eq!(Picture::from_alpha(9, 9, &[0; 80]).unwrap_err(), Unsure::Misshapen);
    assert_eq!(Picture::from_alpha(0, 0, &[]).unwrap_err(), Unsure::Misshapen);
    assert_eq!(Picture::from_alpha(40, 40, &[0; 1600]).unwrap_err(), Unsure::Blank);
    assert_eq!(Picture::from_luma(40, 40, &[200; 1600]).unwrap_err(), Unsure::Blank);
    let blot = Picture::from_alpha(40, 40, &[255; 1600]).unwrap();
    assert_eq!(Reader::new().read_one(&blot), Err(Unsure::Unlike));
    assert_eq!(Reader::new().read_keypad(&[blot]), Err(Unsure::NotTen));
}
