//! Everything that a library exports, by kind and in alphabetical order.

use std::collections::BTreeMap;

use uniffi_meta::{
    ConstructorMetadata, EnumMetadata, Metadata, MethodMetadata, ObjectMetadata, RecordMetadata,
    TraitMethodMetadata, Type,
};

/// One call.
pub(crate) struct Call {
    pub(crate) name: String,
    /// What it takes and gives, such as `(key: u32) -> bytes throws MsgPayError, async`.
    pub(crate) shape: String,
    pub(crate) docs: String,
}

#[derive(Default)]
pub(crate) struct List {
    pub(crate) objects: BTreeMap<String, (String, Vec<Call>)>,
    pub(crate) traits: BTreeMap<String, (String, Vec<Call>)>,
    pub(crate) records: BTreeMap<String, RecordMetadata>,
    pub(crate) enums: BTreeMap<String, EnumMetadata>,
}

impl List {
    /// Sorts it.
    ///
    /// # Errors
    /// Names something that this list has no place for: then it needs one.
    pub(crate) fn of(exported: Vec<Metadata>) -> Result<Self, String> {
        let mut list = Self::default();
        // Objects first: what is called on them finds them there.
        let (objects, rest): (Vec<_>, Vec<_>) =
            exported.into_iter().partition(|one| matches!(one, Metadata::Object(_)));
        for one in objects.into_iter().chain(rest) {
            match one {
                Metadata::Object(ObjectMetadata { name, imp, docstring, .. }) => {
                    let place = if imp.is_trait_interface() { &mut list.traits } else { &mut list.objects };
                    place.insert(name, (docstring.unwrap_or_default(), Vec::new()));
                }
                Metadata::Constructor(call) => list.calls(&call.self_name)?.push(made(&call)),
                Metadata::Method(call) => list.calls(&call.self_name)?.push(method(&call)),
                Metadata::TraitMethod(call) => list.calls(&call.trait_name)?.push(trait_method(&call)),
                Metadata::Record(record) => drop(list.records.insert(record.name.clone(), record)),
                Metadata::Enum(one) => drop(list.enums.insert(one.name.clone(), one)),
                Metadata::Namespace(_) => {}
                other => return Err(format!("no place for {other:?}")),
            }
        }
        for (_, calls) in list.objects.values_mut() {
            calls.sort_by(|one, other| one.name.cmp(&other.name));
        }
        Ok(list)
    }

    fn calls(&mut self, of: &str) -> Result<&mut Vec<Call>, String> {
        let found = self.objects.get_mut(of).or(self.traits.get_mut(of));
        found.map(|(_, calls)| calls).ok_or_else(|| format!("{of} is exported by a call alone"))
    }
}

fn made(call: &ConstructorMetadata) -> Call {
    let inputs = call.inputs.iter().map(|input| (input.name.as_str(), &input.ty));
    let shape = shape(inputs, None, call.throws.as_ref(), call.is_async);
    Call { name: call.name.clone(), shape: format!("{shape}, makes one"), docs: docs(&call.docstring) }
}

fn method(call: &MethodMetadata) -> Call {
    let inputs = call.inputs.iter().map(|input| (input.name.as_str(), &input.ty));
    let shape = shape(inputs, call.return_type.as_ref(), call.throws.as_ref(), call.is_async);
    Call { name: call.name.clone(), shape, docs: docs(&call.docstring) }
}

fn trait_method(call: &TraitMethodMetadata) -> Call {
    let inputs = call.inputs.iter().map(|input| (input.name.as_str(), &input.ty));
    let shape = shape(inputs, call.return_type.as_ref(), call.throws.as_ref(), call.is_async);
    Call { name: call.name.clone(), shape, docs: docs(&call.docstring) }
}

fn shape<'a>(
    inputs: impl Iterator<Item = (&'a str, &'a Type)>,
    gives: Option<&Type>,
    throws: Option<&Type>,
    is_async: bool,
) -> String {
    let inputs: Vec<String> = inputs.map(|(name, ty)| format!("{name}: {}", word(ty))).collect();
    let mut shape = format!("({})", inputs.join(", "));
    if let Some(gives) = gives {
        shape += &format!(" -> {}", word(gives));
    }
    if let Some(throws) = throws {
        shape += &format!(" throws {}", word(throws));
    }
    if is_async {
        shape += ", async";
    }
    shape
}

/// A type, its width in its name.
pub(crate) fn word(ty: &Type) -> String {
    match ty {
        Type::UInt8 => "u8".into(),
        Type::Int8 => "i8".into(),
        Type::UInt16 => "u16".into(),
        Type::Int16 => "i16".into(),
        Type::UInt32 => "u32".into(),
        Type::Int32 => "i32".into(),
        Type::UInt64 => "u64".into(),
        Type::Int64 => "i64".into(),
        Type::Boolean => "bool".into(),
        Type::String => "text".into(),
        Type::Bytes => "bytes".into(),
        Type::Object { name, .. } | Type::Record { name, .. } | Type::Enum { name, .. } => name.clone(),
        Type::Optional { inner_type } => format!("{}?", word(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", word(inner_type)),
        Type::Map { key_type, value_type } => format!("{{{}: {}}}", word(key_type), word(value_type)),
        // As it is called in Rust; a new one shows itself in review.
        other => format!("{other:?}"),
    }
}

/// The first paragraph of a documentation, and its errors, in one line.
pub(crate) fn docs(text: &Option<String>) -> String {
    let text = text.as_deref().unwrap_or_default();
    let paragraph = |text: &str| {
        let lines: Vec<&str> =
            text.trim_start().lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
        lines.join(" ")
    };
    let first = paragraph(text);
    let line = match text.split_once("# Errors") {
        Some((_, errors)) => format!("{first} Errors: {}", paragraph(errors)),
        None => first,
    };
    // A link of Rust's documentation leads nowhere here.
    line.replace("[`", "`").replace("`]", "`").replace("`crate::", "`")
}
