//! Bodies of the handset's calls and their unsigned answers, and the summaries that are hashed as they stand.

use msgpay_wire::answer::LaunchBody;
use msgpay_wire::request::{Activation, Enrolment, Launch, Resolve, Setup, Submission, SubmissionAnswer};
use msgpay_wire::summary::{BiometricSummary, PasswordSummary, Summary};

macro_rules! hold {
    ($data:expr, $($body:ty),+) => {
        $(if let Ok(body) = <$body>::read($data) {
            assert_eq!(&body.encode()[..], $data, stringify!($body));
        })+
    };
}

/// What is read writes the same bytes.
pub fn run(data: &[u8]) {
    hold!(data, Activation, Launch, Setup, Submission, Enrolment, Resolve, SubmissionAnswer);
    hold!(data, LaunchBody, Summary, PasswordSummary, BiometricSummary);
}
