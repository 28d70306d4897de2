//! The names that `bindings/API.md` promises, as a linker sees them.

use super::Transport;
use crate::Stop;
use std::collections::BTreeSet;
use std::path::Path;

const OBJECTS: [&str; 2] = ["## Objects", "## Traits that the application implements"];
/// Only in a library that sends by itself.
const OF_OWN_TRANSPORT: &str = "NativeTransport";

/// The functions of the objects and traits of the page that a library with this transport has.
///
/// # Errors
/// When the page cannot be read or names none.
pub(super) fn functions(root: &Path, transport: Transport) -> Result<BTreeSet<String>, Stop> {
    let path = root.join("bindings/API.md");
    let page = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let names = named(&page, |object| {
        !object.starts_with("Desktop") && (transport == Transport::Own || object != OF_OWN_TRANSPORT)
    });
    if names.is_empty() { Err(format!("{} names no function", path.display())) } else { Ok(names) }
}

fn named(page: &str, is_there: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let (mut within, mut object, mut names) = (false, "", BTreeSet::new());
    for line in page.lines() {
        if line.starts_with("## ") {
            within = OBJECTS.contains(&line);
        } else if let Some(name) = line.strip_prefix("### ") {
            object = name;
        } else if within
            && is_there(object)
            && let Some((call, _)) = line.strip_prefix("- `").and_then(|line| line.split_once('`'))
            && let Some((name, _)) = call.split_once('(')
        {
            let kind = if call.ends_with("makes one") { "constructor" } else { "method" };
            names.insert(format!("uniffi_msgpay_fn_{kind}_{}_{name}", object.to_lowercase()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn objects_and_traits_have_functions_and_records_have_none() {
        let page = "## Objects\n\n### DesktopKeystore\n\n- `sign(name: text)`: Signs.\n\n### NativeConfig\n\nRead.\n\n\
                    - `pins() -> [Pins]`: Pins.\n- `read(text: text) throws MsgPayError, makes one`: Reads.\n\n\
                    ## Traits that the application implements\n\n### VaultHost\n\n- `put(name: text)`: Writes.\n\n\
                    ## Records\n\n### Answer\n\n- `status(u16)`\n";
        let names = named(page, |object| object != "DesktopKeystore");
        let wanted = ["constructor_nativeconfig_read", "method_nativeconfig_pins", "method_vaulthost_put"];
        assert_eq!(
            names.into_iter().collect::<Vec<_>>(),
            wanted.map(|name| format!("uniffi_msgpay_fn_{name}"))
        );
    }
}
