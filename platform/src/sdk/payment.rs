//! `POST /sdk/v1/payments` and `…/resolve`: the sealed entry goes in, a signed receipt comes out.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use msgpay_wire::{
    problem::{Code, Problem},
    request::{Resolve, Submission, SubmissionAnswer},
};

use crate::{
    domain::{Answer, PayError, Refusal},
    http::{device::DeviceCall, reply::Reply},
    platform::Platform,
};

pub(super) async fn pay(
    State(platform): State<Arc<Platform>>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let asked = Submission::read(call.body()).map_err(Reply::unreadable)?;
    answered(platform.payments().submit(call.device(), asked).await)
}

pub(super) async fn resolve(
    State(platform): State<Arc<Platform>>,
    path: Result<Path<String>, PathRejection>,
    Extension(call): Extension<DeviceCall>,
) -> Result<Reply, Reply> {
    let Path(pay_order_no) =
        path.map_err(|_| Reply::because(Code::Malformed, "The order number in the path is not text."))?;
    let asked = Resolve::read(call.body()).map_err(Reply::unreadable)?;
    let device = call.device();
    answered(
        platform.payments().resolve(device, &pay_order_no, &asked.server_nonce, &asked.request_digest).await,
    )
}

/// A payment's answer as it goes over the wire.
pub(super) fn answered(answer: Result<Answer, PayError>) -> Result<Reply, Reply> {
    match answer.map_err(|_| Reply::internal("payment"))? {
        Answer::Receipt(receipt) => Ok(Reply::cbor(SubmissionAnswer::Receipt(receipt.cose).encode())),
        Answer::Working { retry_after_ms } => {
            let body = SubmissionAnswer::Working { retry_after_ms }.encode();
            Ok(Reply::working(body).retry_after_ms(retry_after_ms))
        }
        Answer::Refused(refusal) => Err(refused(refusal)),
    }
}

fn refused(refusal: Refusal) -> Reply {
    let code = refusal.code;
    let mut problem = Problem::new(code);
    if let Some(left) = refusal.tries_left {
        problem = problem.with_detail(format!("{} Tries left: {left}.", code.detail()));
    }
    problem.receipt = refusal.receipt.map(|receipt| URL_SAFE_NO_PAD.encode(receipt.cose));
    let reply = Reply::of(code, &problem);
    match refusal.retry_after_ms {
        Some(ms) => reply.retry_after_ms(ms),
        None => reply,
    }
}
