//! `POST /sdk/v1/activations`: a code from the institution binds a device key to a wallet.

use std::sync::Arc;

use axum::{Extension, extract::State};
use msgpay_wire::{
    Primitives as _,
    problem::Code,
    request::{Activated as ActivatedAnswer, Activation},
    trust::{Purpose, Signer as _},
};

use crate::{
    http::{device::UnknownCall, reply::Reply},
    keys::BuiltIn,
    platform::Platform,
    store::Activated,
};

pub(super) async fn activate(
    State(platform): State<Arc<Platform>>,
    Extension(UnknownCall(body)): Extension<UnknownCall>,
) -> Result<Reply, Reply> {
    let asked = Activation::read(&body).map_err(Reply::unreadable)?;
    let suite = asked.suite;
    if !platform.policy().allows_device(asked.device_suite, suite) {
        return Err(Reply::problem(Code::Suite));
    }
    // Who shows the code must hold the key, or a stolen code could bind somebody else's key.
    if !BuiltIn.verify(asked.device_suite, &asked.device_key, &asked.message(), &asked.signature) {
        return Err(Reply::because(Code::Signature, "The proof of possession does not fit the device key."));
    }
    let activated = platform
        .store()
        .activate(&asked.code, asked.device_suite, &asked.device_key)
        .await
        .map_err(|_| Reply::internal("store"))?;
    let (device_id, wallet_id) = match activated {
        Activated::Done { device_id, wallet_id } => (device_id, wallet_id),
        Activated::KeyTaken => {
            return Err(Reply::because(Code::Activation, "This device key is in use; make a new one."));
        }
        // One answer for all: whoever tries codes learns nothing about them.
        Activated::UnknownCode | Activated::Expired | Activated::Used => {
            return Err(Reply::problem(Code::Activation));
        }
    };
    let answer = ActivatedAnswer {
        institution_id: platform.institution().id.clone(),
        wallet_id,
        device_id,
        client_nonce: asked.client_nonce,
        device_key_digest: BuiltIn.hash(suite, &asked.device_key),
    };
    let keys = platform.keys();
    let signer = keys
        .signer(Purpose::Summary, suite, platform.clock().now_s())
        .map_err(|_| Reply::internal("summary key"))?;
    signer.sign_object(answer.payload()).map(Reply::cbor).map_err(|_| Reply::internal("summary key"))
}
