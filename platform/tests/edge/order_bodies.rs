//! C.1 and C.2 bodies that are not what Annex C prints.

use crate::common::{Merchant, World};

async fn refused(world: &World, merchant: &Merchant, body: &str) -> String {
    world.order(merchant, body).await.problem()
}

#[tokio::test]
async fn amounts_that_are_none_are_refused() {
    let (world, merchant) = World::with_merchant().await;
    for amount in [
        "1e3",
        "0",
        "-1",
        "0.001",
        "\"12.5x\"",
        "\"128.50\"",
        "123456789012345678901234567890",
        "null",
        "[]",
        "1.",
        ".5",
    ] {
        let body = merchant.order_body("M-amount").to_string().replace("128.5", amount);
        assert_eq!(refused(&world, &merchant, &body).await, "400 5G-1001", "{amount}");
    }
    let answer = world.order(&merchant, &merchant.order_body("M-amount").to_string()).await;
    assert_eq!(answer.status, 200, "none of them took the number");
    assert!(String::from_utf8_lossy(&answer.body).contains("\"orderAmount\":128.50,"), "two decimals");
}

#[tokio::test]
async fn missing_extra_repeated_and_wrongly_typed_fields_are_refused() {
    let (world, merchant) = World::with_merchant().await;
    for field in [
        "transactionType",
        "businessType",
        "bankReturnUrl",
        "merchantOrderNo",
        "merchantName",
        "orderDate",
        "orderAmount",
        "merchantId",
        "mobileNo",
    ] {
        let mut body = merchant.order_body("M-fields");
        body.as_object_mut().unwrap().remove(field);
        assert_eq!(refused(&world, &merchant, &body.to_string()).await, "400 5G-1001", "{field} missing");
        body[field] = serde_json::json!({});
        assert_eq!(
            refused(&world, &merchant, &body.to_string()).await,
            "400 5G-1001",
            "{field} of another type"
        );
    }
    let mut body = merchant.order_body("M-fields");
    body["extra"] = "x".into();
    assert_eq!(refused(&world, &merchant, &body.to_string()).await, "400 5G-1001", "extra field");
    let body = merchant.order_body("M-fields").to_string().replacen('{', "{\"mobileNo\":\"19900001235\",", 1);
    assert_eq!(refused(&world, &merchant, &body).await, "400 5G-1001", "field twice");
    for body in ["", "[]", "{", "\u{feff}{}"] {
        assert_eq!(refused(&world, &merchant, body).await, "400 5G-1001", "{body:?}");
    }
}

#[tokio::test]
async fn mobile_no_is_text_in_the_order_and_a_number_in_the_query() {
    let (world, merchant) = World::with_merchant().await;
    for mobile in ["19900001234", "\"+8619900001234\"", "\"1990000123\"", "\"1990000123x\""] {
        let body = merchant.order_body("M-mobile").to_string().replace("\"19900001234\"", mobile);
        assert_eq!(refused(&world, &merchant, &body).await, "400 5G-1001", "{mobile}");
    }
    let placed = world.order(&merchant, &merchant.order_body("M-mobile").to_string()).await.json();
    let query = |mobile: &str| {
        format!(
            r#"{{"payOrderNo":{},"createDate":{},"mobileNo":{mobile},"merchantOrderNo":"M-mobile","merchantId":"{}"}}"#,
            placed["payOrderNo"], placed["createDate"], merchant.id
        )
    };
    let ask = async |mobile: &str| {
        let request = merchant.request(&world, "/v1/pay/orders/query", &query(mobile)).signed(&merchant);
        world.send(&merchant, &request).await
    };
    for mobile in ["\"19900001234\"", "19900001234.0", "1.9900001234e10", "-19900001234", "8619900001234"] {
        assert_eq!(ask(mobile).await.problem(), "400 5G-1001", "{mobile}");
    }
    assert_eq!(ask("19900001234").await.status, 200);
    assert_eq!(ask("19900001235").await.problem(), "404 5G-2001", "another payer's number finds nothing");
}

#[tokio::test]
async fn what_is_not_opened_is_refused_as_such() {
    let (world, merchant) = World::with_merchant().await;
    for (field, value) in [
        ("businessType", "WEBVIEW"),
        ("businessType", "CHATBOT"),
        ("businessType", "AGG_NATIVE"),
        ("transactionType", "02"),
    ] {
        let mut body = merchant.order_body("M-mode");
        body[field] = value.into();
        assert_eq!(refused(&world, &merchant, &body.to_string()).await, "403 5G-1005", "{value}");
    }
    let mut body = merchant.order_body("M-mode");
    body["mobileNo"] = "19900009999".into();
    assert_eq!(
        refused(&world, &merchant, &body.to_string()).await,
        "422 5G-3003",
        "a number without a wallet"
    );
    let body = merchant.order_body("M-mode").to_string().replace("128.5", "50000.01");
    assert_eq!(refused(&world, &merchant, &body).await, "422 5G-3005", "over the limit");
}

#[tokio::test]
async fn notices_may_only_go_to_the_registered_host() {
    let (world, merchant) = World::with_merchant().await;
    for url in [
        "http://127.0.0.1:9443/pay/notify",
        "https://127.0.0.1:9444/pay/notify",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1:9443/pay/notify?to=x",
        "https://127.0.0.1:9443/pay/notify#x",
        "https://me@127.0.0.1:9443/pay/notify",
        "https://evil.example/pay/notify",
        "file:///etc/passwd",
        "/pay/notify",
    ] {
        let mut body = merchant.order_body("M-fence");
        body["bankReturnUrl"] = url.into();
        assert_eq!(refused(&world, &merchant, &body.to_string()).await, "400 5G-1001", "{url}");
    }
}

#[tokio::test]
async fn refusals_never_repeat_what_was_sent() {
    let (world, merchant) = World::with_merchant().await;
    let mut body = merchant.order_body("M-quiet");
    body["mobileNo"] = "246813579secret".into();
    let answer = world.order(&merchant, &body.to_string()).await;
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"), "{answer:?}");
}
