//! Stacks that are wiped and wait for the next operation.

use super::stack::Stack;
use crate::Error;
use std::sync::{Mutex, MutexGuard, TryLockError};

/// More than operations ever run at once; what does not fit is unmapped.
const PLACES: usize = 16;

/// Nobody waits here: a place that another thread holds is passed by. A fork's child, in which that thread does not
/// exist and the place stays held for good, loses the place and nothing else.
pub(super) static IDLE: [Mutex<Option<Stack>>; PLACES] = [const { Mutex::new(None) }; PLACES];

fn free_places() -> impl Iterator<Item = MutexGuard<'static, Option<Stack>>> {
    IDLE.iter().filter_map(|place| match place.try_lock() {
        Ok(place) => Some(place),
        Err(TryLockError::Poisoned(place)) => Some(place.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    })
}

/// A wiped stack of this process.
pub(super) fn take() -> Result<Stack, Error> {
    for mut place in free_places() {
        // One that came along through a fork is no longer locked, and perhaps not there: it is dropped.
        if let Some(stack) = place.take()
            && stack.is_own()
        {
            return Ok(stack);
        }
    }
    Stack::make()
}

/// Takes a wiped stack back.
pub(super) fn put(stack: Stack) {
    if let Some(mut place) = free_places().find(|place| place.is_none()) {
        *place = Some(stack);
    }
}
