//! The keypad in the hand: presses go to the core at once, and nothing of them is kept here.

use msgpay_sdk_core::{EnrolmentStep, Entry, EntryFault, Keypad, SetupStep, Step};

use super::super::sheet;
use super::Actor;
use crate::view::{self, Sheet};

impl Actor {
    /// Opens a keypad for what the session wants typed now.
    pub(super) fn next_entry(&mut self) {
        match self.wanted() {
            Some(entry) => self.open_keypad(entry),
            None => self.phone_failed(),
        }
    }

    fn wanted(&mut self) -> Option<Entry> {
        if let Some(payment) = &mut self.payment {
            return match payment.step() {
                Ok(Step::EnterPassword(entry)) => Some(entry),
                _ => None,
            };
        }
        if let Some(enrolment) = &mut self.enrolment {
            return match enrolment.step() {
                Ok(EnrolmentStep::EnterPassword(entry)) => Some(entry),
                _ => None,
            };
        }
        match self.setup.as_mut()?.step() {
            Ok(SetupStep::EnterPassword(entry)) => Some(entry),
            _ => None,
        }
    }

    fn open_keypad(&mut self, entry: Entry) {
        let enrols = self.enrolment.is_some().then_some(view::EntryPurpose::Enrol);
        let (purpose, wanted) = (enrols.or_else(|| sheet::purpose(entry.purpose())), *entry.lengths().end());
        let (Some(purpose), Ok((keypad, keys))) = (purpose, entry.open(Self::surface(), Self::face_size()))
        else {
            return self.phone_failed();
        };
        self.keypad = Some(keypad);
        self.typing = purpose;
        self.openings += 1;
        let paying = purpose == view::EntryPurpose::Pay;
        let name = self.setup_name.clone().filter(|_| !paying).unwrap_or_else(|| self.name.clone());
        let problem = self.entry_problem.take();
        self.show(Sheet::Keypad(view::Keypad {
            institution: name,
            purpose,
            order: self.order.clone().filter(|_| paying),
            opening: self.openings,
            slots: sheet::slots(&keys),
            entered: 0,
            wanted,
            ready: true,
            problem,
        }));
    }

    pub(super) fn press(&mut self, slot: u8) {
        self.correct(|keypad| keypad.press(slot));
    }

    pub(super) fn correct(&mut self, change: impl FnOnce(&mut Keypad) -> Result<usize, EntryFault>) {
        let Some(keypad) = &mut self.keypad else { return };
        match change(keypad) {
            Ok(entered) => self.show_entered(entered),
            Err(fault) if fault.wiped() => self.next_entry(),
            // A key that this keypad does not have: nothing was entered.
            Err(_) => (),
        }
    }

    pub(super) fn confirm(&mut self) {
        let Some(keypad) = &mut self.keypad else { return };
        let sealed = match keypad.confirm() {
            Ok(sealed) => sealed,
            Err(fault) if fault.wiped() => return self.next_entry(),
            // Too short: type on.
            Err(_) => return,
        };
        self.keypad = None;
        let taken = match (&mut self.payment, &mut self.enrolment, &mut self.setup) {
            (Some(payment), ..) => payment.entered(sealed),
            (None, Some(enrolment), _) => enrolment.entered(sealed),
            (None, None, Some(setup)) => setup.entered(sealed),
            (None, None, None) => return self.phone_failed(),
        };
        if taken.is_err() {
            return self.phone_failed();
        }
        if self.payment.is_some() {
            self.show_submitting();
            return self.drive_payment();
        }
        if self.enrolment.is_some() {
            return self.drive_enrolment();
        }
        // A session gives its request out once, so its next step is asked for only where it is an entry.
        if self.typing == view::EntryPurpose::New {
            return self.next_entry();
        }
        self.show_submitting();
        self.drive_setup();
    }

    pub(super) fn wipe_if_idle(&mut self) {
        if let Some(keypad) = &mut self.keypad
            && keypad.wipe_if_idle()
        {
            self.next_entry();
        }
    }

    fn show_entered(&self, entered: usize) {
        self.view.send_modify(|view| {
            if let Sheet::Keypad(keypad) = &mut view.phone.sheet {
                keypad.entered = entered;
            }
        });
    }
}
