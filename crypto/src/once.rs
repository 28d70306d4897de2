//! What is settled once, without a lock: `std`'s has the second thread wait for the first, which a fork's child may not
//! have.
#![expect(unsafe_code, reason = "a value behind an atomic pointer")]

use core::{marker::PhantomData, ptr};
use std::sync::atomic::{AtomicPtr, Ordering};

/// A value that is set once. Who comes second drops its own and takes the first one's.
pub(crate) struct OnceLock<T> {
    place: AtomicPtr<T>,
    owns: PhantomData<T>,
}

impl<T> OnceLock<T> {
    /// Not set yet.
    pub(crate) const fn new() -> Self {
        OnceLock { place: AtomicPtr::new(ptr::null_mut()), owns: PhantomData }
    }
}

impl<T: Send + Sync> OnceLock<T> {
    /// The value, if it is set.
    pub(crate) fn get(&self) -> Option<&T> {
        // SAFETY: null, or from `Box::into_raw` in `set`; written once, and freed when nobody has a reference any more.
        unsafe { self.place.load(Ordering::Acquire).as_ref() }
    }

    /// Sets it; gives `value` back when it was set before.
    pub(crate) fn set(&self, value: T) -> Result<(), T> {
        let ours = Box::into_raw(Box::new(value));
        match self.place.compare_exchange(ptr::null_mut(), ours, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => Ok(()),
            // SAFETY: made above, and told to nobody, since another was first.
            Err(_) => Err(*unsafe { Box::from_raw(ours) }),
        }
    }

    /// The value; `make` may run on several threads at once, and one of its values stays.
    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let ours = Box::into_raw(Box::new(make()));
        let set = self.place.compare_exchange(ptr::null_mut(), ours, Ordering::AcqRel, Ordering::Acquire);
        let first = set.map_or_else(
            |theirs| {
                // SAFETY: made above, and told to nobody, since another was first.
                drop(unsafe { Box::from_raw(ours) });
                theirs
            },
            |_null| ours,
        );
        // SAFETY: not null, from `Box::into_raw`; written once, and freed when nobody has a reference any more.
        unsafe { &*first }
    }
}

impl<T> Drop for OnceLock<T> {
    fn drop(&mut self) {
        let place = *self.place.get_mut();
        if !place.is_null() {
            // SAFETY: from `Box::into_raw` in `set`; `&mut self` is the last that knows it.
            drop(unsafe { Box::from_raw(place) });
        }
    }
}

#[cfg(test)]
#[cfg(not(miri))]
mod tests;
