//! Messages between Chatbot and operator: uplinks, send bodies, delivery reports.

use msgpay_messaging::dialect_a::{self, DeliveryReport};

/// What is read is written as a message that reads the same.
pub fn run(data: &[u8]) {
    if let Ok(uplink) = dialect_a::read_inbound(data) {
        let bytes = serde_json::to_vec(&dialect_a::inbound_body(&uplink)).unwrap_or_default();
        assert_eq!(dialect_a::read_inbound(&bytes), Ok(uplink));
    }
    if let Ok(body) = dialect_a::read_outbound(data) {
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        assert_eq!(dialect_a::read_outbound(&bytes), Ok(body));
    }
    if let Ok(report) = serde_json::from_slice::<DeliveryReport>(data) {
        let bytes = serde_json::to_vec(&report).unwrap_or_default();
        assert_eq!(serde_json::from_slice::<DeliveryReport>(&bytes).ok(), Some(report));
    }
}
