//! The field tables of T/CAICI 92-2024 Annex C as data: name, JSON type, duty. A body is held against its table
//! field by field; what a body means is the wire's own business.

use serde_json::Value;

/// The JSON type that a table gives a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `String`.
    Text,
    /// `Number`, with two decimals.
    Amount,
    /// `Long`.
    Long,
}

/// One row: name, type, whether it must be there.
pub type Field = (&'static str, Kind, bool);

use Kind::{Amount, Long, Text};

/// C.1, what the merchant sends.
pub const ORDER: &[Field] = &[
    ("transactionType", Text, true),
    ("businessType", Text, true),
    ("bankReturnUrl", Text, true),
    ("merchantOrderNo", Text, true),
    ("merchantName", Text, true),
    ("orderDate", Text, true),
    ("orderAmount", Amount, true),
    ("currency", Text, false),
    ("merchantId", Text, true),
    ("mobileNo", Text, true),
    ("goodsNo", Text, false),
    ("goodsName", Text, false),
    ("goodsDescription", Text, false),
];

/// C.1, what it gets.
pub const ORDER_ANSWER: &[Field] = &[
    ("payOrderNo", Text, true),
    ("createDate", Text, true),
    ("merchantId", Text, true),
    ("merchantOrderNo", Text, true),
    ("merchantName", Text, true),
    ("orderAmount", Amount, true),
    ("result", Text, true),
    ("payUrl", Text, false),
];

/// C.2, what the merchant asks: here alone the phone number is a number.
pub const QUERY: &[Field] = &[
    ("payOrderNo", Text, true),
    ("createDate", Text, true),
    ("mobileNo", Long, true),
    ("merchantOrderNo", Text, true),
    ("merchantId", Text, true),
];

/// C.2, what it learns.
pub const QUERY_ANSWER: &[Field] = &[
    ("transactionType", Text, true),
    ("businessType", Text, true),
    ("merchantOrderNo", Text, true),
    ("merchantName", Text, true),
    ("orderDate", Text, true),
    ("orderAmount", Amount, true),
    ("currency", Text, true),
    ("merchantId", Text, true),
    ("mobileNo", Text, true),
    ("goodsNo", Text, false),
    ("goodsName", Text, false),
    ("goodsDescription", Text, false),
    ("paymentDate", Text, true),
    ("paymentTime", Text, true),
    ("fee", Amount, false),
    ("payOrderNo", Text, true),
    ("orderStatus", Text, true),
];

/// C.3, the notice to the merchant.
pub const NOTICE: &[Field] = &[
    ("merchantOrderNo", Text, true),
    ("merchantName", Text, true),
    ("orderDate", Text, true),
    ("orderAmount", Amount, true),
    ("merchantId", Text, true),
    ("mobileNo", Text, true),
    ("paymentDate", Text, true),
    ("paymentTime", Text, true),
    ("payOrderNo", Text, true),
    ("orderStatus", Text, true),
];

/// C.3, the merchant's answer.
pub const NOTICE_ANSWER: &[Field] = &[("noticeResult", Text, true)];

/// Where a body departs from its table, a line each.
pub fn differs(table: &[Field], body: &Value) -> Vec<String> {
    let Some(members) = body.as_object() else { return vec!["no JSON object".into()] };
    let mut found = Vec::new();
    for (name, kind, required) in table {
        match members.get(*name) {
            None if *required => found.push(format!("{name} is missing")),
            Some(value) if !kind.fits(value) => found.push(format!("{name} is no {kind:?}: {value}")),
            _ => {}
        }
    }
    for name in members.keys().filter(|name| !table.iter().any(|(known, ..)| known == name)) {
        found.push(format!("{name} is not in the table"));
    }
    found
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Text => value.is_string(),
            Amount => value.is_number(),
            Long => value.is_u64(),
        }
    }

    /// A value of another type than this.
    pub fn other(self) -> Value {
        match self {
            Text => Value::from(7),
            Amount => Value::from("128.50"),
            Long => Value::from("19900001234"),
        }
    }
}
