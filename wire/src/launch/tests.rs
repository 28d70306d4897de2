use super::*;

#[test]
fn links_round_trip_and_every_other_form_is_refused() {
    let link = Link { pay_order_no: "P202611220000000731".into(), token: vec![1, 2, 250] };
    assert_eq!(Link::read(&link.text()).unwrap(), link);
    for text in [
        "",
        "https://pay.example.cn/c/1",
        "msgpay://v2/pay?o=P1&tk=AQI",
        "msgpay://v1/pay?o=P1",
        "msgpay://v1/pay?tk=AQI",
        "msgpay://v1/pay?o=P1&tk=AQI&tk=AQI",
        "msgpay://v1/pay?o=P1&tk=AQI&x=1",
        "msgpay://v1/pay?o=P-1&tk=AQI",
        "msgpay://v1/pay?o=&tk=AQI",
        "msgpay://v1/pay?o=P1&tk=A QI",
        "msgpay://v1/pay?o=P1&tk=AQI=",
        "MSGPAY://v1/pay?o=P1&tk=AQI",
    ] {
        assert!(Link::read(text).is_err(), "{text}");
    }
    assert!(Link::read(&format!("msgpay://v1/pay?o=P1&tk={}", "A".repeat(LINK_CHARS_MAX))).is_err());
}
