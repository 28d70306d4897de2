//! What is typed in a guest, and its dresses where so much memory is looked at that six small numbers at some distance lie
//! in it by chance: ten presses in a row at any distance, and each six that stood in arrays of whole numbers.

use crate::canary::{Act, Canary, Draw, RUN, characters, dress_text, value};
use crate::search::{Family, Patterns};

/// Presses in a row that are looked for at any distance.
const LONG_RUN: usize = 10;
/// Bytes of a number in an array.
const WIDTHS: [usize; 4] = [1, 2, 4, 8];

/// Draws what is typed for a password of six: three times it is taken back, and the last six stand. `last` are these, when
/// they are to be a certain password.
pub(super) fn draw(layout: &[u8], last: Option<&[u8]>) -> Canary {
    let mut drawn = Draw::new(layout);
    for taken_back in [&[Act::Clear][..], &[Act::Clear], &[Act::Erase, Act::Erase, Act::Clear]] {
        drawn.presses(RUN, |_| true);
        drawn.acts.extend(taken_back);
    }
    match last {
        Some(slots) => drawn.acts.extend(slots.iter().map(|slot| Act::Press(*slot))),
        None => drawn.presses(RUN, |_| true),
    }
    Canary { acts: drawn.acts }
}

/// Every dress.
pub(super) fn dress(canary: &Canary, layout: &[u8], patterns: &mut Patterns) {
    let dresses = |run: &[u8]| {
        let typed = characters(run, layout);
        let values = typed.iter().map(|character| value(*character)).collect();
        [(Family::Slots, run.to_vec()), (Family::Characters, typed), (Family::Digits, values)]
    };
    let pressed = canary.pressed();
    for run in pressed.windows(LONG_RUN) {
        for (family, elements) in dresses(run) {
            patterns.add_elements(family, &elements);
        }
    }
    for run in pressed.windows(RUN) {
        dress_text(run, &characters(run, layout), patterns, |own| own);
    }
    for six in pressed.chunks(RUN) {
        for (family, elements) in dresses(six) {
            add_array(family, &elements, patterns);
        }
    }
    for (family, elements) in
        [(Family::Layout, layout.to_vec()), (Family::Layout, layout.iter().map(|c| value(*c)).collect())]
    {
        patterns.add_elements(family, &elements);
    }
}

/// The elements as an array of numbers of each width, in either order: from the first to the last of them, so in either
/// order of bytes too.
fn add_array(family: Family, elements: &[u8], patterns: &mut Patterns) {
    let back: Vec<u8> = elements.iter().rev().copied().collect();
    for order in [elements, &back] {
        for width in WIDTHS {
            let mut array = vec![0; (order.len() - 1) * width + 1];
            array.iter_mut().step_by(width).zip(order).for_each(|(place, element)| *place = *element);
            patterns.add(family, 0, &array);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::{Dump, Region};
    use crate::search::Search;

    fn found(bytes: Vec<u8>, patterns: Patterns) -> Vec<Family> {
        let region = Region { start: 4096, writable: true, name: String::new(), bytes };
        let hits = Search::new(patterns).run(&Dump { regions: vec![region], hidden: 0 }, |_, _| {});
        hits.iter().map(|hit| hit.family).collect()
    }

    #[test]
    fn a_six_that_stood_is_found_in_arrays_and_all_presses_at_any_distance() {
        let layout = b"5029316847";
        let canary = draw(layout, None);
        let pressed = canary.pressed();
        assert_eq!((pressed.len(), canary.standing(canary.acts.len()).len()), (24, 6));
        let kept = |bytes: &[u8], step: usize| {
            let mut patterns = Patterns::default();
            dress(&canary, layout, &mut patterns);
            let spread: Vec<u8> =
                bytes.iter().flat_map(|byte| [vec![*byte], vec![0; step - 1]].concat()).collect();
            found(spread, patterns)
        };
        let typed = characters(&pressed, layout);
        assert!(kept(&typed[6..12], 1).contains(&Family::Characters));
        assert!(kept(&pressed[18..], 4).contains(&Family::Slots));
        assert!(kept(&pressed, 24).contains(&Family::Slots));
        assert!(kept(&pressed[6..12], 24).is_empty(), "six at such a distance lie in every JVM");
    }
}
