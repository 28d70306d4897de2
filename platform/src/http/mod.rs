//! The edge: listeners, limits, signatures in and out, errors as problem+json.
//!
//! | file | what it does |
//! |---|---|
//! | [`server`] | TLS accept loop, connection limits, drain |
//! | [`limits`] | a body within its size and time |
//! | [`call`] | a request as a signature covers it |
//! | [`merchant`] | the guard before Annex C; signed answers |
//! | [`device`] | the guard before the SDK interface |
//! | [`reply`] | what handlers answer with |

pub mod call;
pub mod device;
pub mod limits;
pub mod merchant;
pub mod reply;
pub mod server;

use axum::http::Method;
use msgpay_wire::problem::Code;
use reply::Reply;

/// A path for the log: known routes by name, the order number replaced; anything else is a stranger's text.
pub(crate) fn route(path: &str) -> &'static str {
    const FIXED: [&str; 8] = [
        "/v1/pay/orders",
        "/v1/pay/orders/query",
        "/v1/keys/query",
        device::ACTIVATIONS,
        "/sdk/v1/launches",
        "/sdk/v1/payments",
        "/sdk/v1/password-setups",
        "/sdk/v1/passwords",
    ];
    match FIXED.into_iter().find(|known| *known == path) {
        Some(known) => known,
        None if path.starts_with("/sdk/v1/payments/") && path.ends_with("/resolve") => {
            "/sdk/v1/payments/{payOrderNo}/resolve"
        }
        None => "other",
    }
}

/// A method for the log: known ones by name; anything else is a stranger's text.
pub(crate) fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// No such method on this path, or no such path.
pub(crate) async fn no_such_interface() -> Reply {
    Reply::problem(Code::NoSuchInterface)
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    #[test]
    fn a_strangers_method_and_path_stay_out_of_the_log() {
        assert_eq!(super::method(&Method::POST), "POST");
        assert_eq!(super::method(&Method::from_bytes(b"19900001234").unwrap()), "other");
        assert_eq!(super::route("/sdk/v1/launches"), "/sdk/v1/launches");
        assert_eq!(super::route("/19900001234"), "other");
    }
}
