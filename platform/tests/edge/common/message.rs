//! Requests and answers of RFC 9421, made and checked by hand from §2.5, not by the code under test.

use msgpay_crypto::{SigningKey, SuiteId};

use super::{Merchant, now_s};

/// A request whose every part a test may change before or after signing.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) port: u16,
    pub(crate) path: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) key_id: String,
    pub(crate) created: i64,
    pub(crate) expires: i64,
    pub(crate) nonce: String,
    pub(crate) tag: String,
    pub(crate) alg: String,
    pub(crate) covered: Vec<String>,
    /// Suite of the body's digest.
    pub(crate) digest: SuiteId,
}

impl Request {
    pub(crate) fn post(port: u16, path: &str, content_type: &str, body: &[u8]) -> Self {
        let now = now_s();
        Self {
            port,
            path: path.to_owned(),
            fields: vec![("content-type".into(), content_type.into())],
            body: body.to_vec(),
            key_id: String::new(),
            created: now,
            expires: now + 300,
            nonce: hex::encode(msgpay_crypto::random::make::<16>().unwrap()),
            tag: "msgpay-request".into(),
            alg: "ecdsa-p256-sha256".into(),
            covered: ["@method", "@target-uri", "content-type", "content-digest"].map(String::from).to_vec(),
            digest: SuiteId::International,
        }
    }

    /// With algorithm and digest of that suite.
    pub(crate) fn in_suite(mut self, suite: msgpay_wire::SuiteId) -> Self {
        self.alg = msgpay_wire::httpsig::alg(suite).to_owned();
        self.digest = msgpay_platform::keys::suite(suite);
        self
    }

    pub(crate) fn target(&self) -> String {
        format!("https://localhost:{}{}", self.port, self.path)
    }

    /// A header that is under the signature when it is added before signing.
    pub(crate) fn covered_header(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.into(), value.into()));
        self.covered.push(name.into());
        self
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap()
    }

    pub(crate) fn signed(self, merchant: &Merchant) -> Self {
        self.signed_by(&merchant.signing)
    }

    /// RFC 9421 §2.5 by hand.
    pub(crate) fn signed_by(mut self, key: &SigningKey) -> Self {
        let digest = match self.digest {
            SuiteId::Guomi => format!("sm3=:{}:", base64(&SuiteId::Guomi.suite().hash(&self.body))),
            _ => digest_of(&self.body),
        };
        self.fields.push(("content-digest".into(), digest));
        let names: Vec<String> = self.covered.iter().map(|name| format!("\"{name}\"")).collect();
        let params = format!(
            "({});created={};keyid=\"{}\";alg=\"{}\";expires={};nonce=\"{}\";tag=\"{}\"",
            names.join(" "),
            self.created,
            self.key_id,
            self.alg,
            self.expires,
            self.nonce,
            self.tag
        );
        let mut base = String::new();
        for name in &self.covered {
            let value = match name.as_str() {
                "@method" => "POST",
                "@target-uri" => &self.target(),
                field => self.field(field),
            };
            base += &format!("\"{name}\": {value}\n");
        }
        base += &format!("\"@signature-params\": {params}");
        let signature = key.sign(base.as_bytes()).unwrap();
        self.fields.push(("signature-input".into(), format!("sig1={params}")));
        self.fields.push(("signature".into(), format!("sig1=:{}:", base64(&signature))));
        self
    }

    /// The request as it goes over the wire; the connection closes after the answer.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head = format!("POST {} HTTP/1.1\r\nhost: localhost:{}\r\n", self.path, self.port);
        for (name, value) in &self.fields {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len());
        [head.as_bytes(), &self.body].concat()
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(crate) fn unbase64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    SuiteId::International.suite().hash(bytes)
}

pub(crate) fn digest_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", base64(&sha256(body)))
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let fields = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Some(Self { status, fields, body: bytes[end + 4..].to_vec() })
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Status and code of a problem: `"401 5G-1002"`.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.field("content-type"), Some("application/problem+json"), "{self:?}");
        let json = self.json();
        assert_eq!(json["status"], self.status, "{json}");
        assert_eq!(json["instance"].as_str(), self.field("x-request-id"), "{json}");
        assert!(json["detail"].as_str().is_some_and(|d| !d.is_empty()), "{json}");
        format!("{} {}", self.status, json["code"].as_str().unwrap())
    }

    /// The platform's signature over this answer to that request, checked by hand.
    pub(crate) fn is_signed_for(&self, request: &Request, platform_key: &[u8; 65]) -> bool {
        self.is_signed_by(request, "pay-2026a", platform_key)
    }

    /// The same by a key of another name.
    pub(crate) fn is_signed_by(&self, request: &Request, key_id: &str, platform_key: &[u8; 65]) -> bool {
        let (Some(input), Some(signature)) = (self.field("signature-input"), self.field("signature")) else {
            return false;
        };
        if self.field("content-digest") != Some(&digest_of(&self.body)) {
            return false;
        }
        let params = input.strip_prefix("sig1=").unwrap();
        assert!(params.contains("tag=\"msgpay-response\""), "{params}");
        if !params.contains(&format!("keyid=\"{key_id}\"")) {
            return false;
        }
        let request_signature = request.field("signature").strip_prefix("sig1=").unwrap();
        let base = format!(
            "\"@status\": {}\n\"content-type\": {}\n\"content-digest\": {}\n\"@method\";req: POST\n\
             \"@target-uri\";req: {}\n\"content-digest\";req: {}\n\"signature\";req;key=\"sig1\": {}\n\
             \"@signature-params\": {params}",
            self.status,
            self.field("content-type").unwrap(),
            self.field("content-digest").unwrap(),
            request.target(),
            request.field("content-digest"),
            request_signature,
        );
        let signature = unbase64(signature.strip_prefix("sig1=:").unwrap().strip_suffix(':').unwrap());
        SuiteId::International.suite().verify(platform_key, base.as_bytes(), &signature).is_ok()
    }
}
