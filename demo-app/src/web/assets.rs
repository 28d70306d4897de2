//! The page's files, part of the program itself: nothing is loaded from elsewhere and nothing is bundled.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::Site;

/// Where the page finds the run's key.
const DOOR_MARK: &str = "{{door}}";

const INDEX: &str = include_str!("../../page/index.html");

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! files {
    ($($path:literal => $media:expr),* $(,)?) => {
        /// Path below `/page/`, content type, content.
        pub(super) const FILES: &[(&str, &str, &str)] =
            &[$(($path, $media, include_str!(concat!("../../page/", $path)))),*];
    };
}

files! {
    "style/tokens.css" => CSS,
    "style/base.css" => CSS,
    "style/chat.css" => CSS,
    "style/sheet.css" => CSS,
    "style/panel.css" => CSS,
    "js/main.js" => JS,
    "js/feed.js" => JS,
    "js/dom.js" => JS,
    "js/words.js" => JS,
    "js/icons.js" => JS,
    "js/chat.js" => JS,
    "js/sheet.js" => JS,
    "js/keypad.js" => JS,
    "js/panel.js" => JS,
    "js/story.js" => JS,
    "js/bytes.js" => JS,
    "js/cbor.js" => JS,
    "art/latte.svg" => SVG,
    "art/beans.svg" => SVG,
    "art/pastry.svg" => SVG,
    "art/shop.svg" => SVG,
}

pub(super) async fn index(State(site): State<Site>) -> Html<String> {
    Html(INDEX.replace(DOOR_MARK, site.door.key()))
}

pub(super) async fn file(Path(path): Path<String>) -> Response {
    match FILES.iter().find(|(name, _, _)| *name == path) {
        Some((_, media, content)) => ([(header::CONTENT_TYPE, *media)], *content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
