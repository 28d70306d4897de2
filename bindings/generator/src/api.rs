//! The list of everything that a library exports, as a page.

use std::{fmt::Write as _, path::Path};

use uniffi_bindgen::macro_metadata::extract_from_bytes;
use uniffi_meta::FieldMetadata;

use crate::list::{Call, List, docs, word};

const HEAD: &str = "\
# What libmsgpay exports

Made from the built library; a test compares them, so that every change of the line to Kotlin and Swift shows in review.
`cargo xtask api` writes this page anew.

- **Sizes**: a number's width is in its type (`u32`: 32 bits, not negative); lengths of texts and bytes stand with each.
- **Threads**: any thread may call any object; calls of one object wait for each other. None waits for the network, but for
  the one `async` call. The traits are called by the library, on a thread of its own, one call at a time, ten seconds each.
- **Desktop**: what begins with `Desktop` is in the library for build machines alone.
- Kotlin and Swift write the names in their own manner (`payOrderNo` for `pay_order_no`).
";

/// The page.
///
/// # Errors
/// Why the file is no such library.
pub(crate) fn of(library: &Path) -> Result<String, String> {
    let bytes = std::fs::read(library).map_err(|why| why.to_string())?;
    let exported = extract_from_bytes(&bytes).map_err(|why| why.to_string())?;
    if exported.is_empty() {
        return Err("it exports nothing that was made by uniffi".to_owned());
    }
    let list = List::of(exported)?;
    let mut page = HEAD.to_owned();
    page += "\n## Objects\n";
    for (name, (text, calls)) in &list.objects {
        section(&mut page, name, text, calls);
    }
    page += "\n## Traits that the application implements\n";
    for (name, (text, calls)) in &list.traits {
        section(&mut page, name, text, calls);
    }
    page += "\n## Records\n";
    for (name, record) in &list.records {
        head(&mut page, name, &docs(&record.docstring));
        for field in &record.fields {
            item(&mut page, &format!("`{}: {}`", field.name, word(&field.ty)), &docs(&field.docstring));
        }
    }
    page += "\n## Choices\n";
    for (name, choice) in &list.enums {
        head(&mut page, name, &docs(&choice.docstring));
        for variant in &choice.variants {
            let fields = fields(&variant.fields);
            item(&mut page, &format!("`{}{fields}`", variant.name), &docs(&variant.docstring));
        }
    }
    Ok(page)
}

fn section(page: &mut String, name: &str, text: &str, calls: &[Call]) {
    head(page, name, &docs(&Some(text.to_owned())));
    for call in calls {
        item(page, &format!("`{}{}`", call.name, call.shape), &call.docs);
    }
}

fn fields(fields: &[FieldMetadata]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let fields: Vec<String> =
        fields.iter().map(|field| format!("{}: {}", field.name, word(&field.ty))).collect();
    format!("({})", fields.join(", "))
}

fn head(page: &mut String, name: &str, text: &str) {
    line(page, &format!("\n### {name}\n\n{text}\n"));
}

fn item(page: &mut String, what: &str, text: &str) {
    line(page, &format!("- {what}: {text}"));
}

fn line(page: &mut String, text: &str) {
    // A text takes every line.
    let _always = writeln!(page, "{text}");
}
