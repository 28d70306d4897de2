//! First start: the code that links this phone, then the password, typed twice.

use msgpay_sdk_core::{ActivationOutcome, Misuse, SetupOutcome, SetupStep};

use super::super::{sheet, words};
use super::Actor;
use crate::view::{self, Sheet, Text};

impl Actor {
    /// The short message with the code.
    pub(super) fn show_code(&self) {
        let banner = self.code.as_ref().map(|code| view::Banner {
            from: self.name.zh.clone(),
            text: Text::new(
                format!("激活码 {code}，15 分钟内有效，请勿告诉他人。"),
                format!("Activation code {code}, valid for 15 minutes. Tell nobody."),
            ),
        });
        self.view.send_modify(|view| view.phone.banner = banner);
    }

    pub(super) fn show_activation(&self, busy: bool, problem: Option<view::Problem>) {
        let length = self.code.as_ref().map_or(14, |code| code.chars().count());
        let suggested = self.code.clone();
        let institution = self.name.clone();
        self.show(Sheet::Activate(view::Activate { institution, length, suggested, busy, problem }));
    }

    pub(super) fn set_up_password(&mut self) {
        match self.msgpay.set_password(&self.institution) {
            Ok(setup) => {
                self.setup = Some(setup);
                self.show(sheet::working(&self.name, None, Text::new("正在准备", "Preparing")));
                self.drive_setup();
            }
            Err(_) => self.phone_failed(),
        }
    }

    pub(super) fn activated(&mut self, outcome: Result<ActivationOutcome, Misuse>) {
        match outcome {
            Ok(ActivationOutcome::Activated(_)) => {
                self.code = None;
                self.view.send_modify(|view| view.phone.banner = None);
                self.set_up_password();
            }
            Ok(ActivationOutcome::NotActivated(reason)) => {
                self.show_activation(false, Some(words::problem(&reason)));
                if reason.todo != msgpay_sdk_core::Todo::TryAgain {
                    self.ask_for_another_code();
                }
            }
            Err(_) => self.show_activation(false, Some(words::phone_failed())),
        }
    }

    pub(super) fn activate(&mut self, code: &str) {
        match self.msgpay.activate(&self.institution, code.trim()) {
            Ok(activation) => {
                self.show_activation(true, None);
                self.drive_activation(activation);
            }
            Err(_) => self.show_activation(false, Some(words::phone_failed())),
        }
    }

    pub(super) fn setup_step(&mut self, step: Result<SetupStep, Misuse>) {
        match step {
            Ok(SetupStep::Review(review)) => {
                // The keypad's own header shows institution and number: what is set is said where it is typed.
                self.setup_name = Some(Text::same(format!("{} {}", self.name.zh, review.mobile_masked)));
                if let Some(setup) = &mut self.setup
                    && setup.accept(&review).is_ok()
                {
                    self.next_entry();
                }
            }
            Ok(SetupStep::EnterPassword(_)) => self.next_entry(),
            Ok(SetupStep::Concluded(SetupOutcome::Set(receipt))) => {
                self.setup = None;
                let at_ms = sheet::signed_at_ms(&receipt);
                let state = view::OutcomeState::PasswordSet;
                let institution = self.name.clone();
                self.show(Sheet::Result(view::Outcome { institution, state, at_ms, ..Default::default() }));
            }
            Ok(SetupStep::Concluded(SetupOutcome::NotSet(reason))) => {
                // The institution allows another setting: a new one with its own nonce and keypads.
                self.setup = self.msgpay.set_password(&self.institution).ok();
                self.entry_problem = Some(words::problem(&reason));
                self.drive_setup();
            }
            Ok(SetupStep::Concluded(SetupOutcome::Cancelled)) => self.close_sheet(),
            Ok(SetupStep::Concluded(SetupOutcome::Unresolved) | SetupStep::Send(_)) => self.set_up_password(),
            Err(_) => self.phone_failed(),
        }
    }
}
