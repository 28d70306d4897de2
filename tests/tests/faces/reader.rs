//! The reader: Tesseract with the English model of Debian's packages (`tesseract-ocr`, `tesseract-ocr-eng`), trained
//! by others on print. It gets pictures and nothing else, no list of characters and no dictionary.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{Child, Command, Stdio},
};

use super::shot::Shot;

/// Programs at once.
const PROGRAMS: usize = 2;

/// One line of text for each picture, without white space.
pub(crate) fn read(shots: &[Shot]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let shares = shots.chunks(shots.len().div_ceil(PROGRAMS).max(1));
    let running: Vec<(Child, usize)> = shares
        .enumerate()
        .map(|(number, share)| {
            let list = folder.path().join(format!("{number}.txt"));
            let names: Vec<String> = share
                .iter()
                .enumerate()
                .map(|(index, shot)| {
                    let name = folder.path().join(format!("{number}-{index}.png"));
                    write(shot, &name).unwrap();
                    name.display().to_string()
                })
                .collect();
            fs::write(&list, names.join("\n")).unwrap();
            (start(&list), share.len())
        })
        .collect();
    running.into_iter().flat_map(|(child, count)| lines(child, count)).collect()
}

fn start(list: &Path) -> Child {
    Command::new("tesseract")
        .arg(list)
        .args(["stdout", "-l", "eng", "--psm", "7"])
        .args(["-c", "load_system_dawg=0", "-c", "load_freq_dawg=0"])
        .arg("tsv")
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("no tesseract: the packages tesseract-ocr and tesseract-ocr-eng are needed")
}

/// The words of each page, from Tesseract's table: level, page, …, text.
fn lines(child: Child, count: usize) -> Vec<String> {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "tesseract ended with {}", output.status);
    let table = String::from_utf8(output.stdout).unwrap();
    let mut pages = vec![String::new(); count];
    let mut begun = 0;
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let page: usize = cells[1].parse().unwrap();
        begun += usize::from(cells[0] == "1");
        if cells[0] == "5" {
            pages[page - 1].push_str(cells[11].trim());
        }
    }
    assert_eq!(begun, count, "tesseract gives one page for each picture");
    pages
}

fn write(shot: &Shot, path: &Path) -> io::Result<()> {
    let size = |pixels: usize| u32::try_from(pixels).map_err(io::Error::other);
    let mut png = png::Encoder::new(File::create(path)?, size(shot.width)?, size(shot.height)?);
    png.set_color(png::ColorType::Grayscale);
    png.set_depth(png::BitDepth::Eight);
    png.set_compression(png::Compression::Fast);
    png.write_header()?.write_image_data(&shot.grey)?;
    Ok(())
}
