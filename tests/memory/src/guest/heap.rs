//! The heap of a JVM in its own format (HPROF): what objects refer to is not in a row there.
//!
//! Objects that belong together become rows of bytes: the elements of each array of objects, and the instances of each
//! class in the order of their addresses, those that nobody refers to any more too. The first row has the first byte of
//! every object's fields, and so on; then, for each field that refers to an object, the same of what it refers to, and of
//! what that refers to. A search for elements in a row then finds a list of boxed numbers, of keys and of events, and
//! what each press has left behind of one class, wherever in it the number is.

use std::collections::{BTreeMap, HashMap, HashSet};

/// Bytes of an object's fields that are looked at.
const FIELDS: usize = 48;
/// References that are followed from objects that belong together.
const DEPTH: usize = 2;
/// No digit, slot or character: an object that is none, or has no such byte; and what lies between rows.
const NOTHING: u8 = 0xFF;
/// More than the largest distance at which elements are looked for.
const BETWEEN: usize = 640;
/// Fewer objects than are searched for.
const OBJECTS_MIN: usize = 6;
/// Instances of one class beyond which its references are not followed: no entry leaves so many, and the machine's own
/// strings and nodes would drown it.
const FOLLOWED_MAX: usize = 4096;
/// A row with fewer different bytes holds no six presses.
const DIFFERENT_MIN: usize = 4;

/// An object's fields, or an array's elements, as they are in the file.
type Objects<'a> = HashMap<&'a [u8], &'a [u8]>;

/// What a heap holds.
#[derive(Default)]
struct Heap<'a> {
    objects: Objects<'a>,
    /// Ids of the instances of each class; ids are addresses.
    classes: BTreeMap<&'a [u8], Vec<&'a [u8]>>,
    /// Of each array of objects, eight bytes an element.
    arrays: Vec<&'a [u8]>,
}

/// The rows; nothing when the file is no heap or is cut off.
pub(super) fn rows(file: &[u8]) -> Option<Vec<u8>> {
    let mut read = Read { rest: file };
    let title = file.iter().position(|byte| *byte == 0)?;
    if !file.starts_with(b"JAVA PROFILE") {
        return None;
    }
    read.take(title + 1)?;
    if read.u4()? != 8 {
        return None;
    }
    read.take(8)?;
    let mut heap = Heap::default();
    while !read.rest.is_empty() {
        let tag = read.take(1)?[0];
        read.take(4)?;
        let length = read.u4()?;
        let record = read.take(length)?;
        // A heap, in one piece or in several.
        if matches!(tag, 0x0C | 0x1C) {
            heap.read(&mut Read { rest: record })?;
        }
    }
    Some(heap.laid_out())
}

impl<'a> Heap<'a> {
    fn read(&mut self, read: &mut Read<'a>) -> Option<()> {
        while !read.rest.is_empty() {
            match read.take(1)?[0] {
                // Roots: unknown or of classes, of JNI, of frames, of threads.
                0xFF | 0x05 | 0x07 => drop(read.take(8)?),
                0x01..=0x03 | 0x08 => drop(read.take(16)?),
                0x04 | 0x06 => drop(read.take(12)?),
                0x20 => class(read)?,
                0x21 => {
                    let id = read.take(8)?;
                    read.take(4)?;
                    self.classes.entry(read.take(8)?).or_default().push(id);
                    let length = read.u4()?;
                    self.objects.insert(id, read.take(length)?);
                }
                0x22 => {
                    read.take(12)?;
                    let count = read.u4()?;
                    read.take(8)?;
                    self.arrays.push(read.take(count.checked_mul(8)?)?);
                }
                0x23 => {
                    let id = read.take(8)?;
                    read.take(4)?;
                    let count = read.u4()?;
                    let width = width(read.take(1)?[0])?;
                    self.objects.insert(id, read.take(count.checked_mul(width)?)?);
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn laid_out(&self) -> Vec<u8> {
        let mut rows = HashSet::new();
        for array in &self.arrays {
            let elements: Vec<_> = array.chunks_exact(8).map(|id| self.objects.get(id).copied()).collect();
            self.lay(&elements, DEPTH, &mut rows);
        }
        for ids in self.classes.values() {
            let mut ids = ids.clone();
            ids.sort_unstable();
            let instances: Vec<_> = ids.iter().map(|id| self.objects.get(id).copied()).collect();
            self.lay(&instances, DEPTH, &mut rows);
        }
        let mut laid: Vec<Vec<u8>> = rows.into_iter().collect();
        laid.sort_unstable();
        laid.join(&[NOTHING; BETWEEN][..])
    }

    /// The rows of these objects, and of what they refer to.
    fn lay(&self, objects: &[Option<&'a [u8]>], depth: usize, rows: &mut HashSet<Vec<u8>>) {
        if objects.iter().flatten().count() < OBJECTS_MIN {
            return;
        }
        let longest = objects.iter().flatten().map(|fields| fields.len()).max().unwrap_or_default();
        for at in 0..longest.min(FIELDS) {
            let byte =
                |fields: &Option<&[u8]>| fields.and_then(|fields| fields.get(at)).copied().unwrap_or(NOTHING);
            let row: Vec<u8> = objects.iter().map(byte).collect();
            if row.iter().collect::<HashSet<_>>().len() >= DIFFERENT_MIN {
                rows.insert(row);
            }
            if depth > 0 && objects.len() <= FOLLOWED_MAX {
                // A field refers to an object when its eight bytes are an id.
                let follow =
                    |fields: &Option<&[u8]>| self.objects.get(fields.as_ref()?.get(at..at + 8)?).copied();
                let followed: Vec<_> = objects.iter().map(follow).collect();
                self.lay(&followed, depth - 1, rows);
            }
        }
    }
}

/// Passes over a class: its constants, its static fields, and the names of its fields.
fn class(read: &mut Read<'_>) -> Option<()> {
    read.take(8 + 4 + 6 * 8 + 4)?;
    for _ in 0..read.u2()? {
        read.take(2)?;
        let width = width(read.take(1)?[0])?;
        read.take(width)?;
    }
    for _ in 0..read.u2()? {
        read.take(8)?;
        let width = width(read.take(1)?[0])?;
        read.take(width)?;
    }
    let fields = read.u2()?;
    read.take(fields * 9)?;
    Some(())
}

/// Bytes of a value of this type.
fn width(kind: u8) -> Option<usize> {
    Some(match kind {
        4 | 8 => 1,
        5 | 9 => 2,
        6 | 10 => 4,
        2 | 7 | 11 => 8,
        _ => return None,
    })
}

struct Read<'a> {
    rest: &'a [u8],
}

impl<'a> Read<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn u2(&mut self) -> Option<usize> {
        Some(usize::from(u16::from_be_bytes(self.take(2)?.try_into().ok()?)))
    }

    fn u4(&mut self) -> Option<usize> {
        usize::try_from(u32::from_be_bytes(self.take(4)?.try_into().ok()?)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(id: u64, class: u8, fields: &[u8]) -> Vec<u8> {
        let length = u32::try_from(fields.len()).unwrap().to_be_bytes();
        [&[0x21][..], &id.to_be_bytes(), &[0; 4], &[class; 8], &length, fields].concat()
    }

    fn file(heap: &[u8]) -> Vec<u8> {
        let length = u32::try_from(heap.len()).unwrap().to_be_bytes();
        [b"JAVA PROFILE 1.0.2\0", &[0, 0, 0, 8][..], &[0; 8], &[0x1C], &[0; 4], &length, heap].concat()
    }

    /// Keys, and something that each press has left behind, which leads to the key that was pressed.
    fn presses(pressed: &[u8]) -> Vec<u8> {
        let keys = (0..10).flat_map(|key: u8| object(0x5000 + 16 * u64::from(key), 2, &[0, 0, 0, key]));
        let left = (0_u64..).zip(pressed).flat_map(|(at, key)| {
            let between = (0x6000 + 16 * at).to_be_bytes();
            let key = (0x5000 + 16 * u64::from(*key)).to_be_bytes();
            [object(0x6000 + 16 * at, 3, &key), object(0x7000 + 16 * at, 4, &between)].concat()
        });
        file(&keys.chain(left).collect::<Vec<u8>>())
    }

    #[test]
    fn a_list_of_boxed_numbers_lies_in_a_row() {
        let numbers = [3, 1, 4, 1, 5, 9, 2, 6];
        let id = |at: usize| 0x1000 + 16 * at as u64;
        let boxed =
            numbers.iter().enumerate().rev().flat_map(|(at, number)| object(id(at), 1, &[0, 0, 0, *number]));
        let array = [&[0x22][..], &[9; 8], &[0; 4], &[0, 0, 0, 8], &[7; 8]].concat();
        let heap = boxed.chain(array).chain((0..8).flat_map(|at| id(at).to_be_bytes())).collect::<Vec<u8>>();
        assert!(rows(&file(&heap)).unwrap().windows(8).any(|window| window == numbers));
    }

    #[test]
    fn what_each_press_left_behind_lies_in_a_row() {
        let pressed = [3, 1, 4, 1, 5, 9, 2, 6];
        assert!(rows(&presses(&pressed)).unwrap().windows(8).any(|window| window == pressed));
    }

    #[test]
    fn a_file_that_is_cut_off_is_no_heap() {
        let whole = presses(&[3, 1, 4, 1, 5, 9]);
        for length in [0, 10, whole.len() - 1] {
            assert!(rows(&whole[..length]).is_none(), "{length}");
        }
    }
}
