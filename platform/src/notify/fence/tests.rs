use super::*;

const REGISTERED: &str = "api.merchant.example.cn";

#[test]
fn the_registered_host_over_https_passes() {
    let target = Target::judge("https://api.merchant.example.cn/pay/notify", REGISTERED).unwrap();
    assert_eq!(target.path(), "/pay/notify");
    assert_eq!(target.authority(), "api.merchant.example.cn");
    assert!(Target::judge("https://API.merchant.example.cn:443/pay/notify", REGISTERED).is_ok());
    assert!(Target::judge("https://[::1]:9443/n", "[::1]:9443").is_ok());
}

#[test]
fn other_forms_are_refused_by_their_reason() {
    use FenceRefusal::{NotHttps, NotRegistered, Ornaments};
    for (url, why) in [
        ("http://api.merchant.example.cn/pay/notify", NotHttps),
        ("ftp://api.merchant.example.cn/pay/notify", NotHttps),
        ("/pay/notify", NotHttps),
        ("api.merchant.example.cn", NotHttps),
        ("", NotHttps),
        ("https://", NotHttps),
        ("https://api.merchant.example.cn/pay/notify?to=x", Ornaments),
        ("https://api.merchant.example.cn/pay/notify?", Ornaments),
        ("https://api.merchant.example.cn/pay/notify#x", Ornaments),
        ("https://me@api.merchant.example.cn/pay/notify", Ornaments),
        ("https://api.merchant.example.cn:8443/pay/notify", NotRegistered),
        ("https://api.merchant.example.cn.evil.example/pay/notify", NotRegistered),
        ("https://169.254.169.254/latest/meta-data", NotRegistered),
    ] {
        assert_eq!(Target::judge(url, REGISTERED).unwrap_err(), why, "{url}");
    }
}

#[test]
fn special_addresses_are_not_public() {
    for ip in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.0.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
    ] {
        assert!(!is_public(ip.parse().unwrap()), "{ip}");
    }
    for ip in ["8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2400:3200::1", "2606:4700::1"] {
        assert!(is_public(ip.parse().unwrap()), "{ip}");
    }
}

#[tokio::test]
async fn loopback_passes_only_by_its_exact_exception() {
    let target = Target::judge("https://127.0.0.1:9443/n", "127.0.0.1:9443").unwrap();
    assert_eq!(Fence::default().clear(&target).await, Err(FenceRefusal::NotPublic));
    assert_eq!(Fence::new(["127.0.0.1:9444"]).clear(&target).await, Err(FenceRefusal::NotPublic));
    assert_eq!(Fence::new(["localhost:9443"]).clear(&target).await, Err(FenceRefusal::NotPublic));
    let cleared = Fence::new(["127.0.0.1:9443"]).clear(&target).await.unwrap();
    assert_eq!(cleared.address(), "127.0.0.1:9443".parse().unwrap());
}

#[tokio::test]
async fn a_name_that_leads_to_loopback_is_refused() {
    let target = Target::judge("https://localhost:9443/n", "localhost:9443").unwrap();
    assert_eq!(Fence::default().clear(&target).await, Err(FenceRefusal::NotPublic));
}

#[test]
fn one_private_address_among_public_ones_refuses_the_name() {
    let endpoint = Endpoint::parse("api.merchant.example.cn").unwrap();
    let public: SocketAddr = "8.8.8.8:443".parse().unwrap();
    let private: SocketAddr = "10.0.0.5:443".parse().unwrap();
    let fence = Fence::default();
    assert_eq!(fence.choose(&endpoint, &[public]), Ok(Cleared(public)));
    assert_eq!(fence.choose(&endpoint, &[public, private]), Err(FenceRefusal::NotPublic));
    assert_eq!(fence.choose(&endpoint, &[]), Err(FenceRefusal::Unresolved));
}

#[test]
fn the_signed_uri_is_the_one_that_the_merchant_sees() {
    for (url, seen) in [
        ("https://api.merchant.example.cn", "https://api.merchant.example.cn/"),
        ("HTTPS://api.merchant.example.cn/n", "https://api.merchant.example.cn/n"),
        ("https://api.merchant.example.cn:443/n", "https://api.merchant.example.cn:443/n"),
    ] {
        let target = Target::judge(url, REGISTERED).unwrap();
        assert_eq!(target.url(), seen);
        assert_eq!(format!("https://{}{}", target.authority(), target.path()), seen);
    }
}
