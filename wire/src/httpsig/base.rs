//! The signature base (RFC 9421 §2.5).

use sfv::{BareItem, InnerList, Item, ListEntry};

use super::{Message, Refusal};

/// One covered component: its name (with `;key` when there is one) and whether it is of the request.
pub(super) type Covered = (String, bool);

/// The base over a message, and what it covers.
pub(super) fn base(message: &Message, list: &InnerList) -> Result<(String, Vec<Covered>), Refusal> {
    let mut base = String::new();
    let mut covered: Vec<Covered> = Vec::new();
    for item in &list.items {
        let id = item_text(item);
        let name = item.bare_item.as_string().ok_or(Refusal::Malformed)?.as_str();
        let (mut of_request, mut key) = (false, None);
        for (parameter, value) in &item.params {
            match (parameter.as_str(), value) {
                ("req", BareItem::Boolean(true)) => of_request = true,
                ("key", BareItem::String(k)) => key = Some(k.as_str()),
                // bs, sf, tr, name: outside the profile.
                _ => return Err(Refusal::Malformed),
            }
        }
        let source = if of_request { message.request.as_deref().ok_or(Refusal::Missing)? } else { message };
        let value = component(source, name, key, of_request)?;
        if value.contains(['\n', '\r']) || !value.is_ascii() {
            return Err(Refusal::Malformed);
        }
        let entry = (format!("{name}{}", key.map(|k| format!(";{k}")).unwrap_or_default()), of_request);
        if covered.contains(&entry) {
            return Err(Refusal::Repeated);
        }
        covered.push(entry);
        base += &format!("{id}: {value}\n");
    }
    base += &format!("\"@signature-params\": {}", list_text(list)?);
    Ok((base, covered))
}

fn component(source: &Message, name: &str, key: Option<&str>, of_request: bool) -> Result<String, Refusal> {
    match (name, key) {
        ("@method", None) => source.method.clone().ok_or(Refusal::Missing),
        ("@target-uri", None) => source.target_uri.clone().ok_or(Refusal::Missing),
        ("@status", None) if !of_request => source.status.map(|s| s.to_string()).ok_or(Refusal::Missing),
        (n, _) if n.starts_with('@') || n.bytes().any(|b| b.is_ascii_uppercase()) => Err(Refusal::Malformed),
        (n, None) => source.field(n),
        (n, Some(k)) => match source.dictionary(n)?.get(k).ok_or(Refusal::Missing)? {
            ListEntry::Item(item) => Ok(item_text(item)),
            ListEntry::InnerList(list) => list_text(list),
        },
    }
}

pub(super) fn list_text(list: &InnerList) -> Result<String, Refusal> {
    let mut out = sfv::ListSerializer::new();
    {
        let mut inner = out.inner_list();
        inner.items(&list.items);
        inner.finish().parameters(list.params.iter());
    }
    out.finish().ok_or(Refusal::Malformed)
}

fn item_text(item: &Item) -> String {
    sfv::ItemSerializer::new().bare_item(&item.bare_item).parameters(item.params.iter()).finish()
}
