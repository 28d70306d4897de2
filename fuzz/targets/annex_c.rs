//! Bodies of Annex C, lists of keys, and problems: JSON from merchants and platforms.

use msgpay_wire::annex_c::{NewOrder, Notice, NoticeAnswer, OrderAccepted, Query, QueryAnswer};
use msgpay_wire::http_keys::{HttpKeys, KeysQuery};
use msgpay_wire::problem::Problem;

/// What one reader takes is written as a body that reads the same.
pub fn run(data: &[u8]) {
    if let Ok(body) = NewOrder::read(data) {
        assert_eq!(NewOrder::read(&body.encode()), Ok(body));
    }
    if let Ok(body) = OrderAccepted::read(data) {
        assert_eq!(OrderAccepted::read(&body.encode()), Ok(body));
    }
    if let Ok(body) = Query::read(data) {
        let again = body.encode().and_then(|bytes| Query::read(&bytes));
        assert_eq!(again, Ok(body));
    }
    if let Ok(body) = QueryAnswer::read(data) {
        assert_eq!(QueryAnswer::read(&body.encode()), Ok(body));
    }
    if let Ok(body) = Notice::read(data) {
        assert_eq!(Notice::read(&body.encode()), Ok(body));
    }
    if let Ok(body) = NoticeAnswer::read(data) {
        assert_eq!(NoticeAnswer::read(&body.encode()), Ok(body));
    }
    if let Ok(body) = HttpKeys::read(data) {
        assert_eq!(HttpKeys::read(&body.encode()), Ok(body));
    }
    if let Ok(body) = KeysQuery::read(data) {
        assert_eq!(KeysQuery::read(&body.encode()), Ok(body));
    }
    if let Some(problem) = Problem::read(data) {
        let again = Problem::read(&problem.encode());
        assert_eq!(again.map(|again| again.encode()), Some(problem.encode()));
    }
}
