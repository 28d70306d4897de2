//! The stage for an application of somebody's own: every party but the handset, told what to do on standard input.
//!
//! ```text
//! out  {"ready":true,"institution":…,"config":…,"files":{…}}
//! in   {"do":"activate"}                    out  {"ok":true,"code":…}
//! in   {"do":"order","fen":12850}           out  {"ok":true,"payOrderNo":…,"link":"msgpay://…"}
//! in   {"do":"cut","what":"answer"}         out  {"ok":true}          the next entry that leaves gets no answer
//! in   {"do":"read","faces":[…ten…]}        out  {"ok":true,"digits":[…]}
//! in   {"do":"state","payOrderNo":…}        out  {"ok":true,"state":…,"debits":…}
//! in   {"do":"check"}                       out  {"ok":true,"findings":[…]}
//! in   {"do":"stop"}, or the end            everything ends
//! ```
//! A request that cannot be done is answered by `{"ok":false,"error":…}`.

use std::io::Write as _;
use std::path::PathBuf;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use msgpay_wire::SuiteId;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::person::{Picture, Reader};
use crate::scenario::native::OPENED_FEN;
use crate::scenario::promise::Books;
use crate::stage::{Cut, Program, Stage, StageError, StageOptions};

/// Options of `msgpay-demo stage`.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Keep the data here; a temporary folder without it.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// In which suite of algorithms all parties of a new folder speak.
    #[arg(long, default_value = "international", value_parser = super::suite)]
    suite: SuiteId,
}

/// Why the stage is not there, or no longer.
#[derive(Debug, thiserror::Error)]
pub(super) enum PromptFailed {
    /// The stage could not be raised.
    #[error("{0}")]
    Stage(#[from] StageError),
    /// Standard input or output failed.
    #[error("standard input or output: {0}")]
    Pipe(#[from] std::io::Error),
}

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
enum Asked {
    Activate,
    Order {
        fen: i64,
    },
    Cut {
        what: Half,
    },
    Read {
        faces: Vec<Face>,
    },
    State {
        #[serde(rename = "payOrderNo")]
        pay_order_no: String,
    },
    Check,
    Stop,
}

/// Which half of an exchange is lost.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Half {
    Answer,
    Request,
}

/// A face as the application has drawn it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Face {
    width: usize,
    height: usize,
    /// Base64 of `width × height` bytes, 0 clear, 255 ink.
    alpha: String,
}

/// Serves until it is told to stop or its input ends.
pub(super) async fn serve(options: Options) -> Result<(), PromptFailed> {
    let Options { data, suite } = options;
    let program = Program::this_one()?;
    let stage = Stage::raise(StageOptions { folder: data, program, opened_fen: OPENED_FEN, suite }).await?;
    let reader = Reader::new();
    let files = stage.sdk_files()?;
    say(
        &json!({ "ready": true, "institution": files.institution, "config": files.config, "files": files.files }),
    )?;
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        let asked = match serde_json::from_str(&line) {
            Ok(Asked::Stop) => break,
            Ok(asked) => answer(&stage, &reader, asked).await,
            Err(_) => {
                Err("not a request of this stage; see the head of this command's documentation".to_owned())
            }
        };
        say(&asked.unwrap_or_else(|why| json!({ "ok": false, "error": why })))?;
    }
    stage.strike().await;
    Ok(())
}

async fn answer(stage: &Stage, reader: &Reader, asked: Asked) -> Result<Value, String> {
    let failed = |error: StageError| error.to_string();
    Ok(match asked {
        Asked::Activate => json!({ "ok": true, "code": stage.code().await.map_err(failed)? }),
        Asked::Order { fen } => {
            let (number, link) = stage.order(fen).await.map_err(failed)?;
            json!({ "ok": true, "payOrderNo": number, "link": link })
        }
        Asked::Cut { what } => {
            stage.relay().cut(match what {
                Half::Answer => Cut::Answer,
                Half::Request => Cut::Request,
            });
            json!({ "ok": true })
        }
        Asked::Read { faces } => json!({ "ok": true, "digits": read(reader, &faces)? }),
        Asked::State { pay_order_no } => {
            let files = stage.book_files();
            let books = Books::read(&files, stage.bank_account()).await.map_err(|e| e.to_string())?;
            let order = books.orders.iter().find(|order| order.pay_order_no == pay_order_no);
            let order = order.ok_or("no such order")?;
            let debits = Books::debits_of(&files, &pay_order_no).await.map_err(|e| e.to_string())?;
            json!({ "ok": true, "state": order.status, "debits": debits })
        }
        Asked::Check => json!({ "ok": true, "findings": stage.check().await.map_err(failed)? }),
        Asked::Stop => json!({ "ok": true }),
    })
}

fn read(reader: &Reader, faces: &[Face]) -> Result<[u8; 10], String> {
    let picture = |face: &Face| {
        let alpha = STANDARD.decode(&face.alpha).map_err(|_| "a face is base64".to_owned())?;
        Picture::from_alpha(face.width, face.height, &alpha).map_err(|unsure| unsure.to_string())
    };
    let pictures = faces.iter().map(picture).collect::<Result<Vec<_>, _>>()?;
    reader.read_keypad(&pictures).map(|reading| reading.digits).map_err(|unsure| unsure.to_string())
}

/// Lines of standard input; a thread of its own reads them, since a read of a pipe cannot be given up.
fn lines() -> tokio::sync::mpsc::Receiver<String> {
    let (to, from) = tokio::sync::mpsc::channel(16);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            // An input that cannot be read ends as one that has ended.
            let Ok(line) = line else { return };
            if to.blocking_send(line).is_err() {
                return;
            }
        }
    });
    from
}

fn say(what: &Value) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{what}")?;
    out.flush()
}
