//! A real Chromium behind its driver, and the demo program behind its page.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use msgpay_demo::person::{Picture, Reader};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// What is to come must come within this time, on a slow machine too.
const PATIENCE: Duration = Duration::from_secs(60);
/// No background traffic: everything that this browser asks for is the page's.
const CHROMIUM: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-prefers-reduced-motion",
    "--hide-scrollbars",
];

/// What the window looks like.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) name: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Device pixels per CSS pixel.
    pub(super) density: u32,
    /// Appended to the page's address.
    pub(super) query: &'static str,
}

/// A person's browser with the page open.
pub(super) struct Browser {
    pub(super) page: Client,
    window: Window,
    reader: Reader,
    shots: usize,
    _driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens `url` in a fresh profile.
    pub(super) async fn open(url: &str, window: Window) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let (driver, address) = start_driver().await;
        let user_data = format!("--user-data-dir={}", profile.path().display());
        let arguments: Vec<&str> = CHROMIUM.into_iter().chain([user_data.as_str()]).collect();
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": on_path(&["chromium", "chromium-browser", "google-chrome"]),
                "args": arguments,
                "mobileEmulation": { "deviceMetrics": {
                    "width": window.width, "height": window.height, "pixelRatio": window.density,
                    "touch": false, "mobile": false,
                }},
            },
        });
        let Value::Object(capabilities) = capabilities else { panic!("an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let page = builder.capabilities(capabilities).connect(&address).await.unwrap();
        page.goto(&format!("{url}{}", window.query)).await.unwrap();
        Self { page, window, reader: Reader::new(), shots: 0, _driver: driver, _profile: profile }
    }

    pub(super) async fn close(self) {
        self.page.close().await.unwrap();
    }

    /// Waits until there is such an element.
    pub(super) async fn sees(&self, css: &str) -> fantoccini::elements::Element {
        let found = self.page.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(found) => found,
            Err(error) => panic!("no {css}: {error}; on the page: {}", self.text("#screen").await),
        }
    }

    /// Waits until an element says this.
    pub(super) async fn reads(&self, css: &str, words: &str) {
        let says =
            format!("return document.querySelector({css:?})?.textContent.includes({words:?}) ?? false");
        self.holds(&says).await;
    }

    /// Waits until a script's answer is true.
    pub(super) async fn holds(&self, script: &str) {
        let began = tokio::time::Instant::now();
        while self.asks(script).await != Value::Bool(true) {
            assert!(
                began.elapsed() < PATIENCE,
                "never: {script}; on the page: {}",
                self.text("#screen").await
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What a script answers.
    pub(super) async fn asks(&self, script: &str) -> Value {
        self.page.execute(script, Vec::new()).await.unwrap()
    }

    pub(super) async fn text(&self, css: &str) -> String {
        let text = self.asks(&format!("return document.querySelector({css:?})?.innerText ?? ''")).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks in the middle of an element that is there and can be pressed.
    pub(super) async fn clicks(&self, css: &str) {
        let element = self.sees(&format!("{css}:not(:disabled)")).await;
        element.click().await.unwrap_or_else(|error| panic!("{css} cannot be clicked: {error}"));
    }

    /// Presses at a place of the page, in CSS pixels.
    async fn presses(&self, x: f64, y: f64) {
        let mouse = MouseActions::new("finger".into())
            .then(PointerAction::MoveTo { duration: None, x, y })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.page.perform_actions(mouse).await.unwrap();
    }

    /// Types digits on the keypad that is shown: reads the keys off a screenshot and presses where they are.
    pub(super) async fn types(&self, digits: &str) {
        let keys = self.sees_keys().await;
        for digit in digits.bytes() {
            let (_, (x, y)) = keys.iter().find(|(read, _)| *read == digit - b'0').unwrap();
            self.presses(*x, *y).await;
        }
        let full = format!("return document.querySelectorAll('.cells .full').length === {}", digits.len());
        self.holds(&full).await;
        self.clicks(".pad .confirm").await;
    }

    /// The digit of each key, read as a picture, and the middle of the key in CSS pixels.
    pub(super) async fn sees_keys(&self) -> Vec<(u8, (f64, f64))> {
        self.sees(".pad:not(.asleep) canvas").await;
        let keys = self.page.find_all(Locator::Css(".pad button:not(.plain)")).await.unwrap();
        let screen = Screenshot::read(&self.page.screenshot().await.unwrap());
        let mut pictures = Vec::new();
        let mut middles = Vec::new();
        for key in &keys {
            let (x, y, width, height) = key.rectangle().await.unwrap();
            let scale = f64::from(self.window.density);
            let (wide, high, luma) = screen.region([x, y, width, height].map(|length| length * scale));
            pictures.push(Picture::from_luma(wide, high, &luma).unwrap());
            middles.push((x + width / 2.0, y + height / 2.0));
        }
        let reading = self.reader.read_keypad(&pictures).unwrap();
        reading.digits.into_iter().zip(middles).collect()
    }

    /// Keeps a picture of the page.
    pub(super) async fn shoots(&mut self, what: &str) {
        self.shots += 1;
        let folder = screenshots();
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{}-{:02}-{what}.png", self.window.name, self.shots));
        std::fs::write(file, self.page.screenshot().await.unwrap()).unwrap();
    }
}

/// Brightness of a screenshot, in device pixels.
struct Screenshot {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

impl Screenshot {
    fn read(png: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let channels = info.color_type.samples();
        assert!(channels >= 3, "a browser's screenshot has colours");
        // Weights of Rec. 709, in thousandths.
        let weigh = |pixel: &[u8]| {
            let sum = 213 * u32::from(pixel[0]) + 715 * u32::from(pixel[1]) + 72 * u32::from(pixel[2]);
            u8::try_from(sum / 1000).unwrap()
        };
        let size = |length: u32| usize::try_from(length).unwrap();
        let luma = pixels[..info.buffer_size()].chunks_exact(channels).map(weigh).collect();
        Self { width: size(info.width), height: size(info.height), luma }
    }

    /// A rectangle `[x, y, width, height]`: its size and its brightness.
    fn region(&self, rectangle: [f64; 4]) -> (usize, usize, Vec<u8>) {
        let [x, y, width, height] = rectangle.map(whole);
        assert!(x + width <= self.width && y + height <= self.height, "the key lies on the screen");
        let rows =
            (y..y + height).flat_map(|row| &self.luma[row * self.width + x..row * self.width + x + width]);
        (width, height, rows.copied().collect())
    }
}

/// A length in pixels as a count.
fn whole(length: f64) -> usize {
    format!("{:.0}", length.max(0.0)).parse().unwrap()
}

/// The demo program, showing its page.
pub(super) struct Demo {
    pub(super) url: String,
    child: Child,
}

impl Demo {
    /// Starts every party on a data folder of its own and waits for the page's address.
    pub(super) async fn start(data: &Path) -> Self {
        let program = msgpay_tests::program::platform().path;
        let mut child = Command::new(program)
            .args(["--no-open", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = tokio::time::timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some(url) = line.split_whitespace().find(|word| word.starts_with("http://")) {
                    return url.to_owned();
                }
            }
            panic!("the demo ended without an address");
        });
        let url = url.await.unwrap();
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { url, child }
    }

    /// Asks the program to end and waits until all its parties have.
    pub(super) async fn end(mut self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").arg(id).status().await.unwrap().success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap();
        assert!(ended.success(), "{ended}");
    }
}

/// Starts a driver on a port of its own choice; its address.
async fn start_driver() -> (Child, String) {
    let mut driver = Command::new(on_path(&["chromedriver"]))
        .arg("--port=0")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            let port = port.trim_end_matches('.').to_owned();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return (driver, format!("http://127.0.0.1:{port}"));
        }
    }
    panic!("chromedriver ended");
}

fn on_path(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let found = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{} is not on the PATH: install it", names.join(" or ")))
}

/// `target/screenshots`, wherever the target folder is.
fn screenshots() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(3).unwrap().join("screenshots")
}
