//! The heap of a JVM in its own format (HPROF): what a list of boxed numbers or of events holds is not in a row there.
//!
//! Each array of objects becomes rows of bytes, one for each byte that its elements have: the first row has the first
//! byte of every element's fields, and so on. A search for elements in a row then finds a list of boxed numbers, of keys
//! and of events with a number in them, wherever in the event it is.

use std::collections::HashMap;

/// Bytes of an element's fields that are looked at.
const FIELDS: usize = 64;
/// No digit, slot or character: an element that is no object, or has no such byte; and what lies between rows.
const NOTHING: u8 = 0xFF;
/// More than the largest distance at which elements are looked for.
const BETWEEN: usize = 512;
/// An array that holds fewer objects than are searched for.
const OBJECTS_MIN: usize = 6;

/// The rows of all arrays; nothing when the file is no heap or is cut off.
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
    let (mut objects, mut arrays) = (HashMap::new(), Vec::new());
    while !read.rest.is_empty() {
        let tag = read.take(1)?[0];
        read.take(4)?;
        let length = read.u4()?;
        let record = read.take(length)?;
        // A heap, in one piece or in several.
        if matches!(tag, 0x0C | 0x1C) {
            heap(&mut Read { rest: record }, &mut objects, &mut arrays)?;
        }
    }
    Some(laid_out(&objects, &arrays))
}

/// The fields of each object by its id; the elements of each array of objects, eight bytes each.
fn heap<'a>(
    read: &mut Read<'a>,
    objects: &mut HashMap<&'a [u8], &'a [u8]>,
    arrays: &mut Vec<&'a [u8]>,
) -> Option<()> {
    while !read.rest.is_empty() {
        match read.take(1)?[0] {
            // Roots: unknown or of classes, of JNI, of frames, of threads.
            0xFF | 0x05 | 0x07 => drop(read.take(8)?),
            0x01 => drop(read.take(16)?),
            0x02 | 0x03 | 0x08 => drop(read.take(16)?),
            0x04 | 0x06 => drop(read.take(12)?),
            0x20 => class(read)?,
            0x21 => {
                let id = read.take(8)?;
                read.take(12)?;
                let length = read.u4()?;
                objects.insert(id, read.take(length)?);
            }
            0x22 => {
                read.take(12)?;
                let count = read.u4()?;
                read.take(8)?;
                arrays.push(read.take(count.checked_mul(8)?)?);
            }
            0x23 => {
                read.take(12)?;
                let count = read.u4()?;
                let width = width(read.take(1)?[0])?;
                read.take(count.checked_mul(width)?)?;
            }
            _ => return None,
        }
    }
    Some(())
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

fn laid_out(objects: &HashMap<&[u8], &[u8]>, arrays: &[&[u8]]) -> Vec<u8> {
    let mut rows = Vec::new();
    for array in arrays {
        let elements: Vec<Option<&[u8]>> = array.chunks_exact(8).map(|id| objects.get(id).copied()).collect();
        if elements.iter().flatten().count() < OBJECTS_MIN {
            continue;
        }
        let longest = elements.iter().flatten().map(|fields| fields.len()).max().unwrap_or_default();
        for at in 0..longest.min(FIELDS) {
            rows.extend(
                elements
                    .iter()
                    .map(|fields| fields.and_then(|fields| fields.get(at)).copied().unwrap_or(NOTHING)),
            );
            rows.extend([NOTHING; BETWEEN]);
        }
    }
    rows
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

    /// A heap with these boxed numbers and a list of them, in this order.
    fn file(numbers: &[u8]) -> Vec<u8> {
        let id = |at: usize| (0x1000 + 16 * at as u64).to_be_bytes();
        let mut heap = Vec::new();
        for (at, number) in numbers.iter().enumerate() {
            heap.extend([&[0x21][..], &id(at), &[0; 12], &[0, 0, 0, 4], &[0, 0, 0, *number]].concat());
        }
        heap.extend(
            [&[0x22][..], &[9; 8], &[0; 4], &u32::try_from(numbers.len()).unwrap().to_be_bytes(), &[7; 8]]
                .concat(),
        );
        (0..numbers.len()).for_each(|at| heap.extend(id(at)));
        let length = u32::try_from(heap.len()).unwrap().to_be_bytes();
        [b"JAVA PROFILE 1.0.2\0", &[0, 0, 0, 8][..], &[0; 8], &[0x1C], &[0; 4], &length, &heap].concat()
    }

    #[test]
    fn a_list_of_boxed_numbers_lies_in_a_row() {
        let numbers = [3, 1, 4, 1, 5, 9, 2, 6];
        let rows = rows(&file(&numbers)).unwrap();
        assert!(rows.windows(8).any(|window| window == numbers));
    }

    #[test]
    fn a_file_that_is_cut_off_is_no_heap() {
        let whole = file(&[3, 1, 4, 1, 5, 9]);
        for length in [0, 10, whole.len() - 1] {
            assert!(rows(&whole[..length]).is_none(), "{length}");
        }
    }
}
